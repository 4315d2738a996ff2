// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.lamella.base.Names;
import org.lamella.data.Card;
import org.lamella.data.Home;

/**
 * Where a model lies and how it is called.
 *
 * @param name the card's name, or the folder's, or the file's without its ending
 * @param folder the folder in Hugging Face layout, or the GGUF file
 */
record ModelPlace(String name, Path folder) {

    private static final String GGUF = ".gguf";

    /** Finds the place of a model with a card, its files all fetched, or of a folder or a GGUF file. */
    static ModelPlace of(String nameOrFolder) {
        if (nameOrFolder.isBlank()) {
            throw new IllegalArgumentException(
                    "model must be a known name, a folder in Hugging Face layout or a GGUF file; got \"" + nameOrFolder
                            + "\"");
        }
        boolean path = nameOrFolder.contains("/") || nameOrFolder.contains("\\") || nameOrFolder.endsWith(GGUF);
        return path || Files.isDirectory(Path.of(nameOrFolder))
                ? of(Path.of(nameOrFolder))
                : new ModelPlace(nameOrFolder, fetched(known(nameOrFolder)));
    }

    private static Card known(String name) {
        if (!Card.models().contains(name)) {
            throw new IllegalArgumentException("model must be a known name (" + String.join(", ", Card.models())
                    + ") or the path of a folder in Hugging Face layout or of a GGUF file; got \"" + name
                    + "\", which is neither"
                    + Names.didYouMean(name, Card.models()));
        }
        return Card.model(name);
    }

    private static Path fetched(Card card) {
        card.files().forEach(file -> card.path(file.name()));
        return place(card);
    }

    // a card of one GGUF file means the file
    private static Path place(Card card) {
        return card.files().stream()
                .filter(file -> file.name().endsWith(GGUF))
                .findFirst()
                .map(file -> card.folder().resolve(file.name()))
                .orElseGet(card::folder);
    }

    static ModelPlace of(Path folder) {
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        if (name.endsWith(GGUF) && !Files.isDirectory(folder)) {
            if (!Files.isRegularFile(folder)) {
                throw new IllegalArgumentException("file must hold a model; got " + folder + ", which is not there");
            }
            return new ModelPlace(name.substring(0, name.length() - GGUF.length()), folder);
        }
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("folder must hold a model; got " + folder + ", which is no folder");
        }
        return new ModelPlace(name, folder);
    }

    /** Returns the card that the model was loaded by; empty for a folder or file of one's own. */
    Optional<Card> card() {
        return Card.models().contains(name) && place(Card.model(name)).equals(folder)
                ? Optional.of(Card.model(name))
                : Optional.empty();
    }

    /** Returns the expression that loads this model again. */
    String recipe() {
        return card().isPresent()
                ? "Transformer.load(\"" + name + "\")"
                : "Transformer.load(" + Home.code(folder) + ")";
    }
}
