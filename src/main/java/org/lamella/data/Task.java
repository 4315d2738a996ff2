// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.lamella.base.Listing;
import tech.tablesaw.api.Table;

/**
 * Something to learn from examples: texts or pairs of texts, each with a label or a number, divided into train,
 * validation and test. Immutable; the withers return another task.
 *
 * <p>Texts are as they stood in the data. What was dropped or held out is said by {@link #notes()}.
 */
public final class Task implements Listing {

    /** What is predicted. */
    public enum Kind {
        /** One of several labels. */
        CLASSIFICATION,
        /** A number. */
        REGRESSION,
        /** A text that answers a prompt. */
        GENERATION;

        List<String> metrics() {
            return switch (this) {
                case CLASSIFICATION -> List.of("accuracy", "macro F1");
                case REGRESSION -> List.of("Pearson", "Spearman");
                case GENERATION -> List.of("token accuracy", "token probability");
            };
        }

        /** Returns what the truth of an example is called: label, target or answer. */
        public String truth() {
            return switch (this) {
                case CLASSIFICATION -> "label";
                case REGRESSION -> "target";
                case GENERATION -> "answer";
            };
        }

        static Kind named(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    private final Outline outline;
    private final Map<String, Part> given;
    private final Division.Shares shares;
    private final Division division;

    private Task(Outline outline, Map<String, Part> given, Division.Shares shares) {
        this.outline = outline;
        this.given = Map.copyOf(given);
        this.shares = shares;
        this.division = Division.of(
                this.given, outline.columns().kind(), outline.labels().size(), shares);
    }

    private Task(Outline outline, Map<String, Part> given, Division.Shares shares, Division division) {
        this.outline = outline;
        this.given = Map.copyOf(given);
        this.shares = shares;
        this.division = division;
    }

    static Task of(Outline outline, Map<String, Part> given, Division.Shares shares) {
        return new Task(outline, given, shares);
    }

    /**
     * Returns a known task from its fetched files, whose hashes are checked. Files that only Hugging Face's hub has are
     * downloaded into its cache first.
     *
     * <p>Parts are as published. The test parts of GLUE have no labels, but MRPC's: measure on {@link #validation()},
     * as every paper does; measuring on unlabelled examples is an error.
     *
     * <p>Problems with answers ({@code gsm8k}, {@code svamp}, {@code humaneval} ...) are read from the folder of that name
     * below {@link Home#data()} where it holds them; {@link #notes()} say so. Each part must be as long as published.
     *
     * @param name the name of a card, for instance {@code reuters-r8} or {@code glue/rte}; an unknown one is an error
     *     that lists them
     * @throws IllegalStateException when the files are not fetched yet; the message says how to fetch them
     * @throws java.io.UncheckedIOException when the hub cannot be reached or refuses
     */
    public static Task load(String name) {
        return Shelf.known(Card.task(name));
    }

    /**
     * Returns a known task from the files of a folder; their content may differ from the published one.
     *
     * <p>The files have the names and the format of the card. Those of GLUE may also be the ones of its own archives
     * ({@code train.tsv}, {@code dev.tsv}, {@code test.tsv} ..., also {@code .gz}), in the folder or in its
     * {@code RTE}; without a test file {@link #test()} is empty.
     */
    public static Task load(String name, Path folder) {
        return Shelf.inFolder(Card.task(name), folder);
    }

    /** Returns a table as the source of a task that has the table's name. */
    public static Source from(Table table) {
        return Source.of(Grid.title(table), Grid.of(table), "Task.from(table)");
    }

    /**
     * Returns a file as the source of a task: {@code .csv}, {@code .tsv}, {@code .tab} or {@code .jsonl}, each also
     * packed as {@code .gz}, in UTF-8, or {@code .parquet}. Cells are taken as they are written: a label {@code 01} stays {@code 01}.
     */
    public static Source from(Path file) {
        return Source.of(DataFile.title(file), DataFile.read(file), "Task.from(" + Code.of(file) + ")");
    }

    /** Returns what a person calls the task. */
    public String name() {
        return outline.name();
    }

    /** Returns what is predicted. */
    public Kind kind() {
        return outline.columns().kind();
    }

    /** Returns the labels in the order in which models number them; of a regression none. */
    public List<String> labels() {
        return outline.labels();
    }

    /** Returns whether each example is a pair of texts. */
    public boolean pairs() {
        return kind() != Kind.GENERATION && outline.columns().texts().size() == 2;
    }

    /** Returns the names of the metrics in the order of a report. */
    public List<String> metrics() {
        return outline.metrics();
    }

    /** Returns the code that makes this task; a table given to it is written {@code table}. */
    public String recipe() {
        return outline.recipe();
    }

    /** Returns the examples to learn from. */
    public Split train() {
        return split("train");
    }

    /** Returns the examples to choose on. */
    public Split validation() {
        return split("validation");
    }

    /** Returns the examples to report on. */
    public Split test() {
        return split("test");
    }

    private Split split(String part) {
        return new Split(this, part, division.part(part), division.rows(part));
    }

    List<Split> splits() {
        return List.of(train(), validation(), test());
    }

    boolean holds(String origin) {
        return given.values().stream().anyMatch(part -> part.origin().equals(origin));
    }

    /** Returns what was done to the data and what is odd about it, one sentence each, beginning with the split. */
    public List<String> notes() {
        return division.notes();
    }

    /** Returns this task under another name. */
    public Task named(String name) {
        return new Task(outline.named(name).then(".named(" + Code.of(name) + ")"), given, shares);
    }

    /** Returns this task with another draw of what is held out of train. */
    public Task seed(long seed) {
        return new Task(outline.then(".seed(" + seed + ")"), given, shares.seed(seed));
    }

    /** Returns this task with its metrics in that order. */
    public Task metrics(String... names) {
        return new Task(
                outline.metrics(List.of(names)).then(".metrics(" + Code.of(List.of(names)) + ")"), given, shares);
    }

    /**
     * Returns this task with that text around each prompt and answer; of a task with labels around each text, as it would be
     * asked for an answer.
     *
     * @throws IllegalArgumentException when the task asks for numbers, or of pairs
     */
    public Task format(PromptFormat format) {
        if (kind() == Kind.REGRESSION || pairs()) {
            throw new IllegalArgumentException("format must be for a task with answers or labels of single texts; got "
                    + name() + ", " + (pairs() ? "of pairs" : "a regression")
                    + "; did you mean Task.from(...).text(...).answer(...)?");
        }
        Map<String, Part> formatted = given.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().formatted(format)));
        return new Task(outline.then(".format(" + format + ")"), formatted, shares, division.over(formatted));
    }

    /**
     * Returns this task with the name of each label as the answer to be written: what a model that writes learns from. The
     * examples stay the same, in the same order and the same parts.
     */
    public Task answers() {
        if (kind() != Kind.CLASSIFICATION || pairs()) {
            throw new IllegalArgumentException("answers must be made of the labels of single texts; got " + name()
                    + ", " + (pairs() ? "of pairs" : "a " + kind().name().toLowerCase(Locale.ROOT)));
        }
        Map<String, Part> answered = given.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().answered(labels())));
        Outline written = new Outline(
                outline.name(),
                outline.columns().answering(),
                List.of(),
                Kind.GENERATION.metrics(),
                outline.lengths(),
                outline.recipe() + ".answers()");
        return new Task(written, answered, shares, division.over(answered));
    }

    /** Returns this task with its labels numbered in that order; every label it has must be there, more may be. */
    public Task labels(String... labels) {
        List<String> order = List.of(labels);
        if (order.stream().distinct().count() != order.size()) {
            throw new IllegalArgumentException("labels must all be different; got " + String.join(", ", order));
        }
        for (String label : labels()) {
            if (!order.contains(label)) {
                throw new IllegalArgumentException("labels must hold every label of " + name() + " ("
                        + String.join(", ", labels()) + "); got " + String.join(", ", order));
            }
        }
        Map<String, Part> renumbered = given.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().renumbered(labels(), order)));
        return new Task(outline.labels(order).then(".labels(" + Code.of(order) + ")"), renumbered, shares);
    }

    /** Returns this task with a share of the training examples, 0 to below 1, held out for validation. */
    public Task validation(double share) {
        return without("validation", shares.validation(share), ".validation(" + share + ")");
    }

    /** Returns this task with the rows of a table, which has the same columns, for validation. */
    public Task validation(Table table) {
        return with("validation", Grid.of(table), ".validation(table)");
    }

    /** Returns this task with the rows of a file, which has the same columns, for validation. */
    public Task validation(Path file) {
        return with("validation", DataFile.read(file), ".validation(" + Code.of(file) + ")");
    }

    /** Returns this task with a share of the training examples, 0 to below 1, held out for test. */
    public Task test(double share) {
        return without("test", shares.test(share), ".test(" + share + ")");
    }

    /** Returns this task with the rows of a table, which has the same columns, for test. */
    public Task test(Table table) {
        return with("test", Grid.of(table), ".test(table)");
    }

    /** Returns this task with the rows of a file, which has the same columns, for test. */
    public Task test(Path file) {
        return with("test", DataFile.read(file), ".test(" + Code.of(file) + ")");
    }

    private Task with(String name, Grid grid, String code) {
        Map<String, Part> more = new HashMap<>(given);
        more.put(name, outline.columns().part(name, grid, labels()));
        return new Task(outline.then(code), more, shares);
    }

    private Task without(String name, Division.Shares changed, String code) {
        Map<String, Part> fewer = new HashMap<>(given);
        fewer.remove(name);
        return new Task(outline.then(code), fewer, changed);
    }

    /** Returns one row a split: how many examples and distinct texts, how many of each label, and the notes. */
    @Override
    public Table table() {
        return Summary.of(this).table();
    }

    /**
     * Returns one row a split: examples, distinct texts, how many of each label, lengths, the share that is cut, notes.
     *
     * <p>Lengths are tokens of the model that the card names; when that is not at hand, words, and the columns say so.
     * A quantile is a length that occurs. Cost: every text is tokenised once, some seconds for ten thousand news items.
     */
    public Listing summary() {
        return summary(lengths());
    }

    /** Returns the same with lengths as a model counts them. */
    public Listing summary(TextLengths lengths) {
        return Summary.of(this, lengths);
    }

    private TextLengths lengths() {
        if (outline.lengths().isEmpty()) {
            return new WordLengths();
        }
        return ServiceLoader.load(TextLengths.Provider.class, Task.class.getClassLoader()).stream()
                .flatMap(provider -> provider.get().find(outline.lengths()).stream())
                .findFirst()
                .orElseGet(WordLengths::new);
    }

    @Override
    public String toString() {
        String what = kind().name().toLowerCase(Locale.ROOT)
                + (kind() == Kind.CLASSIFICATION ? ", " + labels().size() + " labels" : "");
        return String.format(
                Locale.ROOT,
                "%s: %s, train %,d, validation %,d, test %,d",
                name(),
                what,
                division.rows("train").length,
                division.rows("validation").length,
                division.rows("test").length);
    }
}
