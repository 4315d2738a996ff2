// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.base.Listing;
import org.lamella.base.Names;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a known model or task is, where its files come from, and what each must be, byte for byte.
 *
 * <p>Cards are JSON files in {@code datasets/}, whose README lists every field; they travel inside the jar. The files
 * themselves are fetched by set-up into {@link Home}.
 */
public final class Card implements Listing {

    /**
     * One file of a model or task.
     *
     * @param name where it lies below the fetched folder; may hold a slash
     * @param from where it lies in the package
     * @param bytes its size in bytes
     * @param sha256 its hash in lower-case hexadecimal digits
     */
    public record Entry(String name, String from, long bytes, String sha256) {}

    /**
     * A part of a task that a file holds.
     *
     * @param file the name of the file
     * @param examples how many examples are read from it, empty texts not counted
     */
    public record Portion(String file, int examples) {}

    /**
     * How the examples of a task lie in its files.
     *
     * @param format {@code orange}, {@code csv}, {@code tsv} or {@code jsonl}
     * @param texts the columns of the text, or of the pair
     * @param truth the column of the label or of the target
     * @param portions the published parts by their names
     */
    record Layout(String format, List<String> texts, String truth, Map<String, Portion> portions) {}

    private final String section;
    private final String name;
    private final Map<String, String> about;
    private final List<Entry> files;
    private final List<String> labels;
    private final List<String> metrics;
    private final Optional<Layout> layout;

    Card(
            String section,
            String name,
            Map<String, String> about,
            List<Entry> files,
            List<String> labels,
            List<String> metrics,
            Optional<Layout> layout) {
        this.section = section;
        this.name = name;
        this.about = Map.copyOf(about);
        this.files = List.copyOf(files);
        this.labels = List.copyOf(labels);
        this.metrics = List.copyOf(metrics);
        this.layout = layout;
    }

    /** Returns the card of a task; an unknown name is an error that lists the known ones. */
    public static Card task(String name) {
        return known("tasks", "task", name);
    }

    /** Returns the card of a model; an unknown name is an error that lists the known ones. */
    public static Card model(String name) {
        return known("models", "model", name);
    }

    /** Returns the names of all task cards in alphabetical order. */
    public static List<String> tasks() {
        return names("tasks");
    }

    /** Returns the names of all model cards in alphabetical order. */
    public static List<String> models() {
        return names("models");
    }

    private static List<String> names(String section) {
        return Fields.parse("index.json", resource("index.json")).texts(section).stream()
                .sorted()
                .toList();
    }

    private static Card known(String section, String what, String name) {
        List<String> names = names(section);
        if (!names.contains(name)) {
            throw new IllegalArgumentException(what + " must be one of " + String.join(", ", names) + "; got \"" + name
                    + "\"" + Names.didYouMean(name, names));
        }
        return CardReader.read(section, name, resource(section + "/" + name + ".json"));
    }

    private static String resource(String path) {
        try (InputStream in = Card.class.getResourceAsStream("/org/lamella/cards/" + path)) {
            if (in == null) {
                throw new IllegalStateException("org/lamella/cards/" + path + " must be on the class path; got none");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
    }

    /** Returns the name a person writes. */
    public String name() {
        return name;
    }

    /** Returns what it is: {@code encoder} or {@code decoder}, {@code classification} or {@code regression}. */
    public String kind() {
        return fact("kind");
    }

    /** Returns one line for people. */
    public String title() {
        return fact("title");
    }

    /** Returns the package that holds the files. */
    public String packageName() {
        return fact("package");
    }

    /** Returns the version of the package. */
    public String packageVersion() {
        return fact("version");
    }

    /** Returns the licence as it was found. */
    public String licence() {
        return fact("licence");
    }

    /** Returns the id of the same files on Hugging Face's hub. */
    public Optional<String> hubId() {
        return optionalFact("hub id");
    }

    /** Returns the revision on the hub. */
    public Optional<String> hubRevision() {
        return optionalFact("hub revision");
    }

    /** Returns what to cite. */
    public Optional<String> citation() {
        return optionalFact("citation");
    }

    /** Returns the name of the model whose tokenizer counts this task's lengths. */
    public Optional<String> lengths() {
        return optionalFact("lengths");
    }

    /** Returns the prompt a decoder is given, with places for {@code {text}} and {@code {pair}}. */
    public Optional<String> prompt() {
        return optionalFact("prompt");
    }

    private String fact(String key) {
        return about.getOrDefault(key, "");
    }

    private Optional<String> optionalFact(String key) {
        return Optional.ofNullable(about.get(key));
    }

    /** Returns the files in the card's order. */
    public List<Entry> files() {
        return files;
    }

    /** Returns the labels in the order in which models number them; empty when the card leaves it to the alphabet. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the names of the metrics in the order of a report. */
    public List<String> metrics() {
        return metrics;
    }

    Optional<Layout> layout() {
        return layout;
    }

    /** Returns the folder in which the files lie once they are fetched. */
    public Path folder() {
        return Home.path().resolve(section).resolve(name);
    }

    /** Returns whether every file is there with its size; hashes were checked when they were fetched. */
    public boolean installed() {
        return files.stream().allMatch(entry -> {
            Path path = folder().resolve(entry.name());
            return Files.isRegularFile(path) && size(path) == entry.bytes();
        });
    }

    /**
     * Returns where a fetched file lies.
     *
     * @throws IllegalStateException when it is not fetched yet; the message says how to fetch it
     * @throws FormatException when it does not have the size the card says
     */
    public Path path(String file) {
        Entry entry = entry(file);
        Path path = folder().resolve(entry.name());
        if (!Files.isRegularFile(path)) {
            throw new IllegalStateException(name + " is not fetched yet; run environment/start --fetch " + name);
        }
        if (size(path) != entry.bytes()) {
            throw new FormatException(
                    path.toString(),
                    "size must be " + entry.bytes() + " bytes; got " + size(path) + "; run environment/start --fetch "
                            + name + " again");
        }
        return path;
    }

    Entry entry(String file) {
        List<String> names = files.stream().map(Entry::name).toList();
        int at = names.indexOf(file);
        if (at < 0) {
            throw new IllegalArgumentException("file must be one of " + String.join(", ", names) + "; got \"" + file
                    + "\"" + Names.didYouMean(file, names));
        }
        return files.get(at);
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
    }

    /** Returns one row a file: name, bytes and sha256. */
    @Override
    public Table table() {
        return Table.create(
                name,
                StringColumn.create("file", files.stream().map(Entry::name)),
                LongColumn.create("bytes", files.stream().mapToLong(Entry::bytes)),
                StringColumn.create("sha256", files.stream().map(Entry::sha256)));
    }

    @Override
    public String toString() {
        return name + ": " + title() + " (" + packageName() + " " + packageVersion() + ")";
    }
}
