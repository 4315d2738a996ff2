// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lamella.base.FormatException;

/** Reads the published parts of a task that has a card. */
final class Shelf {

    private final Card card;
    private final Card.Layout layout;
    private final Columns columns;

    private Shelf(Card card) {
        this.card = card;
        this.layout = card.layout()
                .orElseThrow(() -> new IllegalArgumentException("card must be a task's; got " + card.name()));
        this.columns = new Columns(layout.texts(), layout.truth(), Task.Kind.named(card.kind()));
    }

    /** Reads the fetched files; each must have the hash of the card and hold as many examples as the card says. */
    static Task fetched(Card card) {
        Shelf shelf = new Shelf(card);
        Map<String, Grid> grids = shelf.grids(shelf::verified);
        List<String> labels = shelf.labels(grids);
        Map<String, Part> parts = parts(shelf.columns, grids, labels);
        parts.forEach(shelf::requireCount);
        return shelf.task(parts, labels, "Task.load(" + Code.of(card.name()) + ")");
    }

    /** Reads files of the same names from a person's folder, whatever they hold, and notes that. */
    static Task inFolder(Card card, Path folder) {
        Shelf shelf = new Shelf(card);
        Map<String, Grid> grids = shelf.grids(file -> shelf.found(folder.resolve(file)));
        List<String> labels = shelf.labels(grids);
        Map<String, Part> parts = parts(shelf.columns, grids, labels);
        String note = "read from " + folder + ", not checked against the card of " + card.name();
        parts.replaceAll((name, part) -> part.noting(note));
        return shelf.task(parts, labels, "Task.load(" + Code.of(card.name()) + ", " + Code.of(folder) + ")");
    }

    private Grid verified(String file) {
        Path path = card.path(file);
        byte[] bytes = DataFile.bytes(path);
        String expected = card.entry(file).sha256();
        String found = Fingerprint.ofBytes(bytes);
        if (!found.equals(expected)) {
            throw new FormatException(
                    path.toString(),
                    "sha256 must be " + expected + "; got " + found + "; run environment/start --fetch " + card.name()
                            + " again");
        }
        return DataFile.parse(file, layout.format(), bytes);
    }

    private Grid found(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new FormatException(path.toString(), "file must be there for " + card.name() + "; got none");
        }
        return DataFile.read(path, layout.format());
    }

    private Map<String, Grid> grids(Function<String, Grid> read) {
        Map<String, Grid> grids = new HashMap<>();
        layout.portions().forEach((name, portion) -> grids.put(name, read.apply(portion.file())));
        return grids;
    }

    private List<String> labels(Map<String, Grid> grids) {
        Grid train = grids.get("train");
        return card.labels().isEmpty() && train != null ? columns.labels(train) : card.labels();
    }

    private static Map<String, Part> parts(Columns columns, Map<String, Grid> grids, List<String> labels) {
        Map<String, Part> parts = new HashMap<>();
        grids.forEach((name, grid) -> parts.put(name, columns.part(name, grid, labels)));
        return parts;
    }

    private Task task(Map<String, Part> parts, List<String> labels, String recipe) {
        Outline outline = new Outline(
                card.name(), columns, labels, card.metrics(), card.lengths().orElse(""), recipe);
        return Task.of(outline, parts, Division.Shares.STANDARD);
    }

    private void requireCount(String name, Part part) {
        Card.Portion portion = layout.portions().getOrDefault(name, new Card.Portion(name, 0));
        int found = part.examples().size();
        if (found != portion.examples()) {
            throw new FormatException(
                    portion.file(), "file must hold " + portion.examples() + " examples; got " + found);
        }
    }
}
