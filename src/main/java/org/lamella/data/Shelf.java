// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.base.FormatException;

/** Reads the published parts of a task that has a card. */
final class Shelf {

    private Shelf() {}

    /** Reads the fetched files; each must have the hash of the card and hold as many examples as the card says. */
    static Task fetched(Card card) {
        Card.Layout layout = layout(card);
        Map<String, Grid> grids = new HashMap<>();
        layout.portions().forEach((part, portion) -> {
            Path path = card.path(portion.file());
            byte[] bytes = DataFile.bytes(path);
            String expected = card.entry(portion.file()).sha256();
            String found = Fingerprint.ofBytes(bytes);
            if (!found.equals(expected)) {
                throw new FormatException(
                        path.toString(),
                        "sha256 must be " + expected + "; got " + found + "; run environment/start --fetch "
                                + card.name() + " again");
            }
            grids.put(part, DataFile.parse(portion.file(), layout.format(), DataFile.text(portion.file(), bytes)));
        });
        return task(card, layout, grids, "Task.load(\"" + card.name() + "\")", true);
    }

    /** Reads the same files from a person's folder, whatever their hash; sizes are not checked either. */
    static Task inFolder(Card card, Path folder) {
        Card.Layout layout = layout(card);
        Map<String, Grid> grids = new HashMap<>();
        layout.portions().forEach((part, portion) -> {
            Path path = folder.resolve(portion.file());
            if (!Files.isRegularFile(path)) {
                throw new FormatException(path.toString(), "file must be there for " + card.name() + "; got none");
            }
            grids.put(part, DataFile.read(path, layout.format()));
        });
        String recipe = "Task.load(\"" + card.name() + "\", Path.of(\"" + folder + "\"))";
        return task(card, layout, grids, recipe, false);
    }

    private static Card.Layout layout(Card card) {
        return card.layout()
                .orElseThrow(() -> new IllegalArgumentException("card must be a task's; got " + card.name()));
    }

    private static Task task(Card card, Card.Layout layout, Map<String, Grid> grids, String recipe, boolean count) {
        Task.Kind kind = Task.Kind.named(card.kind());
        Columns columns = new Columns(layout.texts(), layout.truth(), kind);
        Grid train = grids.get("train");
        List<String> labels = card.labels().isEmpty() && train != null ? columns.labels(train) : card.labels();
        Map<String, Part> parts = new HashMap<>();
        grids.forEach((name, grid) -> parts.put(name, columns.part(name, grid, labels)));
        if (count) {
            layout.portions().forEach((name, portion) -> requireCount(parts.get(name), portion));
        }
        Outline outline = new Outline(
                card.name(),
                columns,
                labels,
                new ArrayList<>(card.metrics()),
                card.lengths().orElse(""),
                recipe);
        return Task.of(outline, parts, Division.Shares.STANDARD);
    }

    private static void requireCount(@Nullable Part part, Card.Portion portion) {
        int found = part == null ? 0 : part.examples().size();
        if (found != portion.examples()) {
            throw new FormatException(
                    portion.file(), "file must hold " + portion.examples() + " examples; got " + found);
        }
    }
}
