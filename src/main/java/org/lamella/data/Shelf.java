// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.lamella.base.FormatException;
import org.lamella.data.internal.hub.HubCache;
import org.lamella.data.internal.hub.HubHash;

/** Reads the published parts of a task that has a card. */
final class Shelf {

    private final Card card;
    private final Layout layout;

    private Shelf(Card card) {
        this.card = card;
        this.layout = card.layout()
                .orElseThrow(() -> new IllegalArgumentException("card must be a task's; got " + card.name()));
    }

    /**
     * Reads what a person keeps below {@code $LAMELLA_DATA}, in a folder of the card's name, and notes that; where there is
     * nothing, the fetched files. Only problems with answers, and pictures, are looked for there.
     */
    static Task known(Card card) {
        boolean answers =
                card.kind().equals("generation") || card.folderLayout().stream().anyMatch(Shelf::seen);
        Optional<Path> kept = Home.data()
                .map(data -> data.resolve(card.name()))
                .filter(folder -> answers && PublishedFolder.holds(card, folder));
        return kept.isPresent() ? kept(card, kept.get()) : fetched(card);
    }

    private static boolean seen(Layout layout) {
        return !layout.columns().picture().isEmpty();
    }

    private static Task kept(Card card, Path folder) {
        Shelf shelf = new Shelf(card);
        Map<String, Part> parts = PublishedFolder.read(card, folder);
        parts.forEach((name, part) -> {
            if (!part.examples().isEmpty()) { // a part may be missing there
                shelf.requireCount(name, part);
            }
        });
        String note = "read from " + folder + ", as many examples as published";
        parts.replaceAll((name, part) -> part.noting(note));
        return shelf.task(parts, card.labels(), recipe(card, folder));
    }

    private static String recipe(Card card, Path folder) {
        return "Task.load(" + Code.of(card.name()) + ", " + Code.of(folder) + ")";
    }

    /** Reads the fetched files; each must have its hash, and each part as many examples as the card says. */
    static Task fetched(Card card) {
        Shelf shelf = new Shelf(card);
        Map<String, List<Grid>> grids = shelf.grids(shelf::verified);
        List<String> labels = shelf.labels(grids);
        Map<String, Part> parts = shelf.parts(grids, labels);
        parts.forEach(shelf::requireCount);
        return shelf.task(parts, labels, "Task.load(" + Code.of(card.name()) + ")");
    }

    /** Reads files of the published names from a person's folder, whatever they hold, and notes that. */
    static Task inFolder(Card card, Path folder) {
        Shelf shelf = new Shelf(card);
        List<String> labels = card.labels();
        Map<String, Part> parts;
        if (shelf.layout.format().equals("parquet") || !card.fact("elsewhere").isEmpty() || seen(shelf.layout)) {
            parts = PublishedFolder.read(card, folder);
        } else {
            Map<String, List<Grid>> grids = shelf.grids(file -> shelf.found(folder.resolve(file)));
            labels = shelf.labels(grids);
            parts = shelf.parts(grids, labels);
        }
        String note = "read from " + folder + ", not checked against the card of " + card.name();
        parts.replaceAll((name, part) -> part.noting(note));
        return shelf.task(parts, labels, recipe(card, folder));
    }

    private Grid verified(String file) {
        Path path = card.path(file);
        if (layout.format().equals("parquet")) {
            card.entry(file)
                    .sha256()
                    .map(HubHash::new)
                    .or(() -> HubCache.pinned(path))
                    .ifPresent(expected -> require(path, expected, expected.of(path)));
            return Parquet.read(path, layout.columns());
        }
        byte[] bytes = DataFile.bytes(path);
        card.entry(file)
                .sha256()
                .map(HubHash::new)
                .ifPresent(expected -> require(path, expected, new HubHash(Fingerprint.ofBytes(bytes))));
        return DataFile.parse(file, layout.format(), bytes);
    }

    private void require(Path path, HubHash expected, HubHash found) {
        if (!found.equals(expected)) {
            throw new FormatException(
                    path.toString(),
                    expected.kind() + " must be " + expected.hex() + "; got " + found.hex() + "; "
                            + card.stock().again());
        }
    }

    private Grid found(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new FormatException(path.toString(), "file must be there for " + card.name() + "; got none");
        }
        return DataFile.read(path, layout.format());
    }

    private Map<String, List<Grid>> grids(Function<String, Grid> read) {
        Map<String, List<Grid>> grids = new HashMap<>();
        layout.portions()
                .forEach((name, portion) ->
                        grids.put(name, portion.files().stream().map(read).toList()));
        return grids;
    }

    private List<String> labels(Map<String, List<Grid>> grids) {
        List<Grid> train = grids.getOrDefault("train", List.of());
        return card.labels().isEmpty() && !train.isEmpty() ? layout.columns().labels(train.get(0)) : card.labels();
    }

    private Map<String, Part> parts(Map<String, List<Grid>> grids, List<String> labels) {
        Map<String, Part> parts = new HashMap<>();
        grids.forEach((name, each) -> parts.put(
                name,
                Part.joined(
                        each.stream()
                                .map(grid -> layout.portion(name).placed(grid, layout.columns(), card.folder()))
                                .map(grid -> layout.columns().part(name, grid, labels))
                                .toList(),
                        labels)));
        return parts;
    }

    private Task task(Map<String, Part> parts, List<String> labels, String recipe) {
        if (!parts.containsKey("train")) {
            parts.put("train", Part.empty("train"));
            parts.putIfAbsent("validation", Part.empty("validation"));
        }
        Outline outline = new Outline(
                card.name(),
                layout.columns(),
                labels,
                card.metrics(),
                card.lengths().orElse(""),
                recipe);
        return Task.of(outline, parts, Division.Shares.STANDARD);
    }

    private void requireCount(String name, Part part) {
        OptionalInt said = layout.portion(name).examples();
        int found = part.examples().size();
        if (said.orElse(found) != found) {
            throw new FormatException(
                    String.join(", ", layout.portion(name).files()),
                    "file must hold " + said.orElse(0) + " examples; got " + found + "; Task.load(\"" + card.name()
                            + "\", folder) reads what a folder holds, whole or not");
        }
    }
}
