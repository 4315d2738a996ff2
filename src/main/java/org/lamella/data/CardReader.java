// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.lamella.base.FormatException;

/** Reads a card strictly: every field is known and has its type, and what refers to something else finds it. */
final class CardReader {

    private static final Set<String> COMMON =
            Set.of("name", "kind", "title", "source", "hub", "conversion", "licence", "citation", "files");
    private static final Set<String> TASK_ONLY = Set.of(
            "format", "columns", "splits", "written", "folder", "labels", "metrics", "lengths", "prompt", "elsewhere");
    private static final Set<String> MODEL_KINDS = Set.of("encoder", "decoder");
    private static final Set<String> TASK_KINDS = Set.of("classification", "regression", "generation");
    private static final Set<String> FORMATS =
            Set.of("orange", "csv", "tsv", "jsonl", "json", "xml", "parquet", "lines", "dart", "webnlg", "scienceqa");
    private static final Set<String> BROKEN = Set.of("drop", "refuse");
    private static final Set<String> WRITTEN = Set.of("names", "numbers");
    private static final Set<String> PARTS = Set.of("train", "validation", "test");

    private final String name;
    private final boolean task;
    private final Fields fields;

    private CardReader(String name, boolean task, Fields fields) {
        this.name = name;
        this.task = task;
        this.fields = fields;
    }

    /**
     * Returns the card that a text holds.
     *
     * @param section {@code models} or {@code tasks}
     * @param name the name the card must have
     * @param json the text
     */
    static Card read(String section, String name, String json) {
        boolean task = section.equals("tasks");
        CardReader reader = new CardReader(name, task, Fields.parse(name + ".json", json));
        return reader.card(section);
    }

    private Card card(String section) {
        Set<String> known = new HashSet<>(COMMON);
        if (task) {
            known.addAll(TASK_ONLY);
        }
        fields.only(known);
        if (!fields.text("name").equals(name)) {
            throw fields.wrong("name", "\"" + name + "\", as the file's", "\"" + fields.text("name") + "\"");
        }
        Map<String, String> about = about();
        boolean packed = fields.has("source");
        List<Card.Entry> files = fields.objects("files").stream()
                .map(file -> entry(file, packed))
                .toList();
        List<String> labels = fields.has("labels") ? fields.texts("labels") : List.of();
        if (new HashSet<>(labels).size() != labels.size()) {
            throw fields.wrong("labels", "all different", labels);
        }
        List<String> metrics = fields.has("metrics")
                ? fields.texts("metrics")
                : task ? Task.Kind.named(about.getOrDefault("kind", "")).metrics() : List.of();
        Optional<Layout> layout = task ? Optional.of(layout(files)) : Optional.empty();
        Optional<Layout> folder = fields.has("folder") ? Optional.of(folderLayout()) : Optional.empty();
        return new Card(section, name, about, files, labels, metrics, layout, folder);
    }

    private Map<String, String> about() {
        Map<String, String> about = new HashMap<>();
        about.put("kind", oneOf("kind", fields.text("kind"), task ? TASK_KINDS : MODEL_KINDS));
        about.put("title", fields.text("title"));
        about.put("licence", fields.text("licence"));
        if (fields.has("source") || !(fields.has("hub") || fields.has("elsewhere"))) {
            Fields source = fields.object("source").only(Set.of("package", "version"));
            about.put("package", source.text("package"));
            about.put("version", source.text("version"));
        }
        if (fields.has("hub")) {
            readHub(fields.object("hub").only(Set.of("id", "revision", "also")), about);
        }
        for (String optional : List.of("conversion", "citation", "lengths", "prompt", "elsewhere")) {
            fields.optionalText(optional).ifPresent(text -> about.put(optional, text));
        }
        return about;
    }

    private static void readHub(Fields hub, Map<String, String> about) {
        String revision = hub.text("revision");
        if (!revision.matches("[0-9a-f]{40}")) {
            throw hub.wrong(
                    "hub.revision",
                    "a commit of 40 hexadecimal digits, since branches and tags move",
                    "\"" + revision + "\"");
        }
        about.put("hub id", hub.text("id"));
        about.put("hub revision", revision);
        about.put("hub also", hub.has("also") ? String.join(" ", hub.texts("also")) : "");
    }

    private static Card.Entry entry(Fields file, boolean packed) {
        file.only(Set.of("name", "from", "bytes", "sha256"));
        Optional<String> sha256 = packed || file.has("sha256") ? Optional.of(file.text("sha256")) : Optional.empty();
        if (!sha256.orElse("0".repeat(64)).matches("[0-9a-f]{64}")) {
            throw file.wrong("files.sha256", "64 lower-case hexadecimal digits", "\"" + file.text("sha256") + "\"");
        }
        String name = file.text("name");
        if (name.startsWith("/") || name.contains("..") || name.contains("\\")) {
            throw file.wrong("files.name", "a place inside the fetched folder", "\"" + name + "\"");
        }
        OptionalLong bytes = packed || file.has("bytes") ? OptionalLong.of(file.number("bytes")) : OptionalLong.empty();
        return new Card.Entry(name, packed ? file.text("from") : "", bytes, sha256);
    }

    private Layout layout(List<Card.Entry> files) {
        Set<String> names = new TreeSet<>(files.stream().map(Card.Entry::name).toList());
        Layout layout = layout(fields, "", "");
        layout.portions().forEach((part, portion) -> portion.files()
                .forEach(file -> oneOf("splits." + part + ".file", file, names)));
        return layout;
    }

    private Layout folderLayout() {
        Fields folder =
                fields.object("folder").only(Set.of("name", "format", "columns", "written", "broken", "splits"));
        return layout(folder, "folder.", folder.text("name"));
    }

    private Layout layout(Fields from, String prefix, String folder) {
        Task.Kind kind = Task.Kind.named(fields.text("kind"));
        String truth = kind.truth();
        Fields columns = from.object("columns").only(Set.of("text", "image", truth));
        List<String> texts = columns.texts("text");
        if (texts.isEmpty() || texts.size() > 2) {
            throw fields.wrong(prefix + "columns.text", "one or two columns", texts);
        }
        boolean numbered = from.has("written")
                && oneOf(prefix + "written", from.text("written"), WRITTEN).equals("numbers");
        Fields splits = from.object("splits").only(PARTS);
        Map<String, Layout.Portion> portions = new LinkedHashMap<>();
        splits.names().forEach(part -> portions.put(part, portion(splits.object(part), folder.isEmpty())));
        boolean testOnly = kind == Task.Kind.GENERATION && portions.containsKey("test");
        if (!portions.containsKey("train") && !testOnly) {
            throw new FormatException(name + ".json", prefix + "splits.train must be there; got " + portions.keySet());
        }
        String format = oneOf(prefix + "format", from.text("format"), FORMATS);
        boolean drops = from.has("broken")
                && oneOf(prefix + "broken", from.text("broken"), BROKEN).equals("drop");
        return new Layout(
                folder,
                format,
                new Columns(texts, columns.optionalText("image").orElse(""), columns.text(truth), kind, numbered),
                drops,
                portions);
    }

    private static Layout.Portion portion(Fields portion, boolean counted) {
        portion.only(
                counted
                        ? Set.of("file", "files", "examples", "within", "pictures")
                        : Set.of("file", "files", "else", "header", "rows", "pictures"));
        return new Layout.Portion(
                portion.has("files") ? portion.texts("files") : List.of(portion.text("file")),
                portion.optionalText("else"),
                portion.has("header") ? portion.texts("header") : List.of(),
                counted ? OptionalInt.of(Math.toIntExact(portion.number("examples"))) : OptionalInt.empty(),
                portion.has("rows") ? Optional.of(rows(portion.object("rows"))) : Optional.empty(),
                portion.optionalText("within").orElse(""),
                portion.optionalText("pictures").orElse(""));
    }

    private static Layout.Rows rows(Fields rows) {
        rows.only(Set.of("first", "last"));
        return new Layout.Rows(Math.toIntExact(rows.number("first")), Math.toIntExact(rows.number("last")));
    }

    private String oneOf(String field, String value, Set<String> allowed) {
        if (!allowed.contains(value)) {
            throw fields.wrong(field, "one of " + String.join(", ", new TreeSet<>(allowed)), "\"" + value + "\"");
        }
        return value;
    }
}
