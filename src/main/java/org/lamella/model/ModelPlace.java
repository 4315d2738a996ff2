// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lamella.base.Names;
import org.lamella.data.Card;

/**
 * Where a model lies and how it is called.
 *
 * @param name the card's name, or the folder's
 */
record ModelPlace(String name, Path folder) {

    /** Finds the place of a model with a card, its files all fetched, or of a folder. */
    static ModelPlace of(String nameOrFolder) {
        if (nameOrFolder.endsWith(".gguf")) {
            throw new IllegalArgumentException(
                    "model must be a known name or a folder in Hugging Face layout; got the GGUF file \"" + nameOrFolder
                            + "\", which this version cannot read");
        }
        if (nameOrFolder.isBlank()) {
            throw new IllegalArgumentException(
                    "model must be a known name or a folder in Hugging Face layout; got \"" + nameOrFolder + "\"");
        }
        boolean path = nameOrFolder.contains("/") || nameOrFolder.contains("\\");
        return path || Files.isDirectory(Path.of(nameOrFolder))
                ? of(Path.of(nameOrFolder))
                : new ModelPlace(nameOrFolder, fetched(known(nameOrFolder)));
    }

    private static Card known(String name) {
        if (!Card.models().contains(name)) {
            throw new IllegalArgumentException("model must be a known name (" + String.join(", ", Card.models())
                    + ") or the path of a folder in Hugging Face layout; got \"" + name + "\", which is neither"
                    + Names.didYouMean(name, Card.models()));
        }
        return Card.model(name);
    }

    private static Path fetched(Card card) {
        card.files().forEach(file -> card.path(file.name()));
        return card.folder();
    }

    static ModelPlace of(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("folder must hold a model; got " + folder + ", which is no folder");
        }
        return new ModelPlace(String.valueOf(folder.toAbsolutePath().normalize().getFileName()), folder);
    }

    /** Returns the card that the model was loaded by; empty for a folder of one's own. */
    Optional<Card> card() {
        return Card.models().contains(name) && Card.model(name).folder().equals(folder)
                ? Optional.of(Card.model(name))
                : Optional.empty();
    }

    /** Returns the expression that loads this model again. */
    String recipe() {
        return card().isPresent()
                ? "Transformer.load(\"" + name + "\")"
                : "Transformer.load(Path.of(\"" + folder.toString().replace("\\", "\\\\") + "\"))";
    }
}
