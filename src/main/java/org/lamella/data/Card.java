// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.lamella.base.Disk;
import org.lamella.base.Listing;
import org.lamella.base.Names;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a known model or task is, where its files come from, and what each must be, byte for byte.
 *
 * <p>Cards are JSON files in {@code datasets/}, whose README lists every field; they travel inside the jar. The files
 * themselves are fetched by set-up into {@link Home}, or on first use from Hugging Face's hub into its cache.
 */
public final class Card implements Listing {

    /**
     * One file of a model or task.
     *
     * @param name where it lies below the fetched folder and on the hub; may hold a slash
     * @param from where it lies in the package; empty when there is none
     * @param bytes its size in bytes; nothing when only the hub knows it
     * @param sha256 its hash in lower-case hexadecimal digits; nothing when only the hub knows it
     */
    public record Entry(String name, String from, OptionalLong bytes, Optional<String> sha256) {}

    private final String section;
    private final String name;
    private final Map<String, String> about;
    private final List<Entry> files;
    private final List<String> labels;
    private final List<String> metrics;
    private final Optional<Layout> layout;
    private final Optional<Layout> folderLayout;

    Card(
            String section,
            String name,
            Map<String, String> about,
            List<Entry> files,
            List<String> labels,
            List<String> metrics,
            Optional<Layout> layout,
            Optional<Layout> folderLayout) {
        this.section = section;
        this.name = name;
        this.about = Map.copyOf(about);
        this.files = List.copyOf(files);
        this.labels = List.copyOf(labels);
        this.metrics = List.copyOf(metrics);
        this.layout = layout;
        this.folderLayout = folderLayout;
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

    /**
     * Returns what it is: {@code encoder} or {@code decoder}, {@code classification}, {@code regression} or
     * {@code generation}.
     */
    public String kind() {
        return fact("kind");
    }

    /** Returns one line for people. */
    public String title() {
        return fact("title");
    }

    /** Returns the package that holds the files; empty when only the hub has them. */
    public String packageName() {
        return fact("package");
    }

    /** Returns the version of the package; empty when only the hub has them. */
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

    /** Returns the commit on the hub. */
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

    /** Returns what the card says under that key; empty when it says nothing. */
    String fact(String key) {
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

    /** Returns how the files lie in the publisher's own archive, where that differs. */
    Optional<Layout> folderLayout() {
        return folderLayout;
    }

    /**
     * Returns the folder in which the files lie once they are fetched: below {@link Home}, or for what was or will be
     * fetched from the hub the commit's folder in Hugging Face's cache.
     */
    public Path folder() {
        return stock().folder();
    }

    /** Returns whether every file is there with its size; hashes were checked when they were fetched. */
    public boolean installed() {
        return stock().whole();
    }

    /**
     * Downloads from Hugging Face's hub what is not there yet, and returns the folder that holds all files.
     *
     * <p>An interrupted download goes on where it ended. Size and hash of each file are those of the card, and where the
     * card has none, those that the hub says for the card's commit.
     *
     * @throws IllegalStateException when the card has no hub source, or {@code HF_HUB_OFFLINE} is set
     * @throws java.io.UncheckedIOException when the hub cannot be reached or refuses
     * @throws org.lamella.base.FormatException when what came is not what it must be; nothing of it is kept
     */
    public Path fetch() {
        return stock().fetch();
    }

    /**
     * Returns where a file lies; one that only the hub has is downloaded first.
     *
     * @throws IllegalStateException when it is not fetched yet; the message says how to fetch it
     * @throws org.lamella.base.FormatException when it does not have the size the card says
     */
    public Path path(String file) {
        return stock().path(entry(file));
    }

    String section() {
        return section;
    }

    Stock stock() {
        return new Stock(this);
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

    /** Returns one row a file: name, bytes and sha256. */
    @Override
    public Table table() {
        LongColumn bytes = LongColumn.create("bytes");
        for (Entry entry : files) {
            if (entry.bytes().isPresent()) {
                bytes.append(entry.bytes().getAsLong());
            } else {
                bytes.appendMissing();
            }
        }
        return Table.create(
                name,
                StringColumn.create("file", files.stream().map(Entry::name)),
                bytes,
                StringColumn.create(
                        "sha256", files.stream().map(entry -> entry.sha256().orElse(""))));
    }

    @Override
    public String toString() {
        String hub = hubId().map(id -> "hub: " + id).orElse(fact("elsewhere"));
        String from = packageName().isEmpty() ? hub : packageName() + " " + packageVersion();
        return name + ": " + title() + " (" + from + ")";
    }
}
