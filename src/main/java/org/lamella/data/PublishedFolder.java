// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/**
 * A person's folder that holds a known task as its publisher or the hub gives it: as Parquet files, or as the files of
 * the publisher's archive, in the folder itself or in the one that the archive unpacks to. The test part may be missing; of
 * a task with answers, which is measured on as often as trained on, every part but one.
 */
final class PublishedFolder {

    private static final int MOST_NAMES = 8;

    private final Card card;
    private final Path folder;

    private PublishedFolder(Card card, Path folder) {
        this.card = card;
        this.folder = folder;
    }

    /** Reads the parts that are there. */
    static Map<String, Part> read(Card card, Path folder) {
        return new PublishedFolder(card, folder).parts();
    }

    /** Returns whether the files are there that the task cannot do without. */
    static boolean holds(Card card, Path folder) {
        PublishedFolder published = new PublishedFolder(card, folder);
        return published.layouts().stream().anyMatch(published::enough);
    }

    private Map<String, Part> parts() {
        Layout layout = layouts().stream()
                .filter(this::enough)
                .findFirst()
                .orElseThrow(() -> new FormatException(
                        folder.toString(),
                        "folder must hold " + card.name() + " as one of "
                                + String.join(
                                        ", ",
                                        layouts().stream()
                                                .flatMap(each -> names(each, each.principal()).stream())
                                                .toList())
                                + "; got " + listing()));
        Map<String, Part> parts = new LinkedHashMap<>();
        for (String name : layout.portions().keySet()) {
            Optional<Layout> holding = holding(layout, name);
            if (holding.isPresent()) {
                parts.put(name, part(holding.get(), name));
            } else if (name.equals("test") && (answers() || !layout.principal().equals("test"))) {
                parts.put(name, new Part(name, "", List.of(), List.of("none in the folder")));
            } else if (!answers()) {
                throw new FormatException(
                        folder.toString(),
                        "folder must hold the " + name + " part of " + card.name() + " as one of "
                                + String.join(", ", names(layout, name)) + "; got " + listing());
            }
        }
        return parts;
    }

    // parts of a task with answers may lie there in different ways
    private Optional<Layout> holding(Layout first, String part) {
        return layouts().stream()
                .filter(layout -> layout.equals(first) || answers())
                .filter(layout -> layout.portions().containsKey(part) && !missing(layout, part))
                .findFirst();
    }

    private boolean enough(Layout layout) {
        return answers()
                ? layout.portions().keySet().stream().anyMatch(part -> !missing(layout, part))
                : !missing(layout, layout.principal());
    }

    private boolean answers() {
        return card.kind().equals("generation");
    }

    private List<Layout> layouts() {
        return Stream.concat(card.layout().stream(), card.folderLayout().stream())
                .toList();
    }

    private boolean missing(Layout layout, String part) {
        return layout.portion(part).files().stream()
                .anyMatch(file -> find(layout, part, file).isEmpty());
    }

    private Optional<Path> find(Layout layout, String part, String file) {
        Stream<String> others = layout.portion(part).otherwise().stream();
        return Stream.concat(Stream.of(file), others)
                .flatMap(name -> places(layout, name).stream())
                .map(folder::resolve)
                .filter(path -> layout.format().equals("webnlg") ? Files.exists(path) : Files.isRegularFile(path))
                .findFirst();
    }

    /** Returns the names under which a file may lie in the folder. */
    private static List<String> places(Layout layout, String file) {
        if (layout.format().equals("parquet")) {
            return List.of(file, file.substring(file.lastIndexOf('/') + 1));
        }
        List<String> here = List.of(file, file + ".gz");
        return layout.folder().isEmpty()
                ? here
                : List.of(file, file + ".gz", layout.folder() + "/" + file, layout.folder() + "/" + file + ".gz");
    }

    private static List<String> names(Layout layout, String part) {
        List<String> names = new ArrayList<>(layout.portion(part).files());
        layout.portion(part).otherwise().ifPresent(names::add);
        return names.stream().flatMap(file -> places(layout, file).stream()).toList();
    }

    private Part part(Layout layout, String name) {
        Layout.Portion portion = layout.portion(name);
        List<Part> read = portion.files().stream()
                .flatMap(file -> find(layout, name, file).stream())
                .map(path -> part(layout, name, path))
                .toList();
        return Part.joined(read, card.labels());
    }

    private Part part(Layout layout, String name, Path path) {
        if (layout.format().equals("parquet")) {
            return layout.columns().part(name, Parquet.read(path, layout.columns()), card.labels());
        }
        if (layout.format().equals("webnlg")) {
            String within = layout.portion(name).within();
            return layout.columns()
                    .part(name, TripleSets.webNlg(path.toString(), XmlFiles.of(path, within)), card.labels());
        }
        if (!layout.format().equals("lines")) {
            Grid grid = DataFile.read(path, layout.format());
            Layout.Portion portion = layout.portion(name);
            Optional<Layout.Rows> rows = portion.rows();
            Path parent = path.toAbsolutePath().getParent();
            Grid placed = portion.placed(grid, layout.columns(), parent == null ? folder : parent);
            return layout.columns().part(name, rows.isPresent() ? rows.get().of(placed) : placed, card.labels());
        }
        TabLines.Read read = TabLines.read(
                path, layout.columns(), layout.portion(name).header(), name.equals("test"), layout.dropsBroken());
        Part part = layout.columns().part(name, read.grid(), card.labels());
        for (String note : read.notes()) {
            part = part.noting(note);
        }
        return part;
    }

    private String listing() {
        if (!Files.isDirectory(folder)) {
            return "no folder";
        }
        try (Stream<Path> entries = Files.list(folder)) {
            List<String> names = entries.map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
            int more = names.size() - MOST_NAMES;
            return names.isEmpty()
                    ? "an empty folder"
                    : String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                            + (more > 0 ? String.format(Locale.ROOT, " and %,d more", more) : "");
        } catch (IOException e) {
            throw Disk.unreadable(folder, e);
        }
    }
}
