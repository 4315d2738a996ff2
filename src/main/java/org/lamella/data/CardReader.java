// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.lamella.base.FormatException;

/** Reads a card strictly: every field is known and has its type, and what refers to something else finds it. */
final class CardReader {

    private static final Set<String> COMMON =
            Set.of("name", "kind", "title", "source", "hub", "licence", "citation", "files");
    private static final Set<String> TASK_ONLY =
            Set.of("format", "columns", "splits", "labels", "metrics", "lengths", "prompt");
    private static final Set<String> MODEL_KINDS = Set.of("encoder", "decoder");
    private static final Set<String> TASK_KINDS = Set.of("classification", "regression");
    private static final Set<String> FORMATS = Set.of("orange", "csv", "tsv", "jsonl");
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
        List<Card.Entry> files =
                fields.objects("files").stream().map(CardReader::entry).toList();
        List<String> labels = fields.has("labels") ? fields.texts("labels") : List.of();
        if (new HashSet<>(labels).size() != labels.size()) {
            throw fields.wrong("labels", "all different", labels);
        }
        List<String> metrics = fields.has("metrics")
                ? fields.texts("metrics")
                : task ? Task.Kind.named(about.getOrDefault("kind", "")).metrics() : List.of();
        Optional<Card.Layout> layout =
                task ? Optional.of(layout(files, about.getOrDefault("kind", ""))) : Optional.empty();
        return new Card(section, name, about, files, labels, metrics, layout);
    }

    private Map<String, String> about() {
        Map<String, String> about = new HashMap<>();
        about.put("kind", oneOf("kind", fields.text("kind"), task ? TASK_KINDS : MODEL_KINDS));
        about.put("title", fields.text("title"));
        about.put("licence", fields.text("licence"));
        Fields source = fields.object("source").only(Set.of("package", "version"));
        about.put("package", source.text("package"));
        about.put("version", source.text("version"));
        if (fields.has("hub")) {
            Fields hub = fields.object("hub").only(Set.of("id", "revision"));
            about.put("hub id", hub.text("id"));
            about.put("hub revision", hub.text("revision"));
        }
        for (String optional : List.of("citation", "lengths", "prompt")) {
            fields.optionalText(optional).ifPresent(text -> about.put(optional, text));
        }
        return about;
    }

    private static Card.Entry entry(Fields file) {
        file.only(Set.of("name", "from", "bytes", "sha256"));
        String sha256 = file.text("sha256");
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw file.wrong("files.sha256", "64 lower-case hexadecimal digits", "\"" + sha256 + "\"");
        }
        String name = file.text("name");
        if (name.startsWith("/") || name.contains("..") || name.contains("\\")) {
            throw file.wrong("files.name", "a place inside the fetched folder", "\"" + name + "\"");
        }
        return new Card.Entry(name, file.text("from"), file.number("bytes"), sha256);
    }

    private Card.Layout layout(List<Card.Entry> files, String kind) {
        String truth = kind.equals("regression") ? "target" : "label";
        Fields columns = fields.object("columns").only(Set.of("text", truth));
        List<String> texts = columns.texts("text");
        if (texts.isEmpty() || texts.size() > 2) {
            throw fields.wrong("columns.text", "one or two columns", texts);
        }
        Set<String> names = new TreeSet<>(files.stream().map(Card.Entry::name).toList());
        Fields splits = fields.object("splits").only(PARTS);
        Map<String, Card.Portion> portions = new LinkedHashMap<>();
        for (String part : splits.names()) {
            Fields portion = splits.object(part).only(Set.of("file", "examples"));
            String file = oneOf("splits." + part + ".file", portion.text("file"), names);
            portions.put(part, new Card.Portion(file, Math.toIntExact(portion.number("examples"))));
        }
        if (!portions.containsKey("train")) {
            throw new FormatException(name + ".json", "splits.train must be there; got " + portions.keySet());
        }
        String format = oneOf("format", fields.text("format"), FORMATS);
        return new Card.Layout(format, texts, columns.text(truth), portions);
    }

    private String oneOf(String field, String value, Set<String> allowed) {
        if (!allowed.contains(value)) {
            throw fields.wrong(field, "one of " + String.join(", ", new TreeSet<>(allowed)), "\"" + value + "\"");
        }
        return value;
    }
}
