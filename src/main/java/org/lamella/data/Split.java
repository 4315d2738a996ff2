// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.lamella.base.Clusters;
import org.lamella.base.Listing;
import org.lamella.base.Sample;
import org.lamella.base.Seed;
import org.lamella.base.picture.Picture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Some examples of a task, in an order, that remember where they came from. Immutable. */
public final class Split implements Listing, Sample {

    private static final Logger LOG = LoggerFactory.getLogger(Split.class);

    private final Task task;
    private final String name;
    private final Part part;
    private final int[] rows;
    private final List<Example> examples;
    private final List<String> warnings;

    Split(Task task, String name, Part part, int[] rows) {
        this.task = task;
        this.name = name;
        this.part = part;
        this.rows = rows;
        this.examples = Arrays.stream(rows).mapToObj(part.examples()::get).toList();
        this.warnings = warningsOf(task, name, examples);
        warnings.forEach(LOG::warn);
    }

    private static List<String> warningsOf(Task task, String name, List<Example> examples) {
        long labels = examples.stream().mapToInt(Example::label).distinct().count();
        if (examples.size() < 2 || labels != 1 || examples.get(0).label() < 0) {
            return List.of();
        }
        if (task.labels().size() == 1) {
            return List.of(String.format(
                    Locale.ROOT,
                    "%s has nothing to tell apart: all %,d examples are \"%s\", the only label of %s",
                    name,
                    examples.size(),
                    task.labels().get(0),
                    task.name()));
        }
        return List.of(String.format(
                Locale.ROOT,
                "%s holds one label only: all %,d examples are \"%s\"; %d other labels are missing",
                name,
                examples.size(),
                task.labels().get(examples.get(0).label()),
                task.labels().size() - 1));
    }

    /** Returns the task these examples belong to. */
    public Task task() {
        return task;
    }

    /** Returns how these examples were taken from the task, as code, for instance {@code train.sample(256, 0)}. */
    @Override
    public String name() {
        return name;
    }

    /** Returns the expression that makes this split again, from the loading of its task on. */
    @Override
    public String recipe() {
        int dot = name.indexOf('.');
        return task.recipe() + "." + (dot < 0 ? name + "()" : name.substring(0, dot) + "()" + name.substring(dot));
    }

    /** Returns how many examples there are. */
    public int size() {
        return rows.length;
    }

    /** Returns an example by its place, counted from 0. */
    public Example example(int i) {
        if (i < 0 || i >= rows.length) {
            throw new IllegalArgumentException((rows.length == 0
                            ? "example must be one of " + name + ", which is empty"
                            : "example must be 0 to " + (rows.length - 1) + ", the last of " + name)
                    + "; got " + i);
        }
        return examples.get(i);
    }

    /** Returns whether the truth of an example is known: its label, target or answer. */
    public boolean known(int i) {
        return example(i).known(task.kind());
    }

    /** Returns all examples in their order. */
    public List<Example> examples() {
        return examples;
    }

    /** Returns which examples a resample draws together: the answers to one prompt; others each by itself. */
    public Clusters clusters() {
        return task.kind() == Task.Kind.GENERATION
                ? Clusters.of(examples.stream()
                        .map(example -> example.asked(task.kind()))
                        .toList())
                : Clusters.single(size());
    }

    /** Returns the first n examples. */
    public Split head(int n) {
        requireCount(n);
        return new Split(task, name + ".head(" + n + ")", part, Arrays.copyOf(rows, n));
    }

    /**
     * Returns n examples drawn without replacement, in the order in which they were drawn.
     *
     * <p>The same seed on the same split gives the same examples on every machine, and a smaller sample is the beginning
     * of a larger one. A sample with one label only warns, in the log and in {@link #warnings()}.
     */
    public Split sample(int n, long seed) {
        requireCount(n);
        int[] order = new Seed(seed).child("sample").permutation(rows.length);
        int[] drawn = Arrays.stream(order).limit(n).map(i -> rows[i]).toArray();
        return new Split(task, name + ".sample(" + n + ", " + seed + ")", part, drawn);
    }

    /** Returns the examples that the test accepts, in their order; the name cannot tell which test it was. */
    public Split where(Predicate<Example> test) {
        int[] kept = IntStream.range(0, rows.length)
                .filter(i -> test.test(examples.get(i)))
                .map(i -> rows[i])
                .toArray();
        return new Split(task, name + ".where(...)", part, kept);
    }

    /** Returns the examples at the given places, in that order. */
    public Split only(int... places) {
        int[] kept = Arrays.stream(places).peek(this::example).map(i -> rows[i]).toArray();
        return new Split(task, name + ".only(" + places.length + " places)", part, kept);
    }

    private void requireCount(int n) {
        if (n < 0 || n > rows.length) {
            throw new IllegalArgumentException(
                    "n must be 0 to " + rows.length + ", the size of " + name + "; got " + n);
        }
    }

    /** Returns what a reader of numbers from this split should be careful about; empty when there is nothing. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Returns the first 16 hexadecimal digits of the SHA-256 of the texts and labels in their order.
     *
     * <p>Hashed are, for each example, each text and the name of each picture in UTF-8 followed by byte 0, then the label's name, or without one the
     * target as Java prints it, followed by byte 10.
     */
    public String hash() {
        return Fingerprint.ofExamples(examples, task.labels());
    }

    /**
     * Returns whether a number picked on one and reported on the other would look at the same examples twice.
     *
     * <p>Two splits of one part (train and what was held out of it) overlap when they share an example. Different parts
     * of one task do not: a text that the publisher put into both is a matter of {@link Task#notes()}. Splits of
     * different tasks overlap when they share an identical text or pair.
     */
    @Override
    public boolean overlaps(Sample other) {
        if (!(other instanceof Split that)) {
            return false;
        }
        if (part.origin().equals(that.part.origin())) {
            Set<Integer> own = new HashSet<>(Arrays.stream(rows).boxed().toList());
            return Arrays.stream(that.rows).anyMatch(own::contains);
        }
        if (task.holds(that.part.origin()) || that.task.holds(part.origin())) {
            return false;
        }
        Set<List<String>> texts =
                new HashSet<>(examples.stream().map(Example::identity).toList());
        return that.examples.stream().anyMatch(example -> texts.contains(example.identity()));
    }

    /**
     * Returns one row an example: the picture's address (where there are some), text (beside a picture: question), pair
     * (where there are two), and label or target; unlabelled is missing.
     */
    @Override
    public Table table() {
        Table table = Table.create(task.name() + " " + name);
        if (examples.stream().anyMatch(example -> !example.pictures().isEmpty())) {
            table.addColumns(StringColumn.create("picture", examples.stream().map(Split::shown)));
        }
        if (task.kind() == Task.Kind.GENERATION) {
            return table.addColumns(
                    StringColumn.create(
                            "prompt", examples.stream().map(e -> e.texts().get(0))),
                    StringColumn.create(
                            "answer", examples.stream().map(e -> e.answer().orElse(""))));
        }
        boolean pictured = table.columnCount() > 0;
        if (!pictured || examples.stream().anyMatch(Split::asks)) {
            table.addColumns(StringColumn.create(
                    pictured ? "question" : "text",
                    examples.stream().map(e -> e.texts().get(0))));
        }
        if (task.pairs()) {
            table.addColumns(StringColumn.create(
                    "pair", examples.stream().map(e -> e.texts().get(1))));
        }
        if (task.kind() == Task.Kind.REGRESSION) {
            return table.addColumns(
                    DoubleColumn.create("target", examples.stream().mapToDouble(Example::target)));
        }
        List<String> labels = task.labels();
        return table.addColumns(
                StringColumn.create("label", examples.stream().map(e -> e.label() < 0 ? "" : labels.get(e.label()))));
    }

    // a picture that is all of an example gives it its name
    private static boolean asks(Example example) {
        return example.pictures().isEmpty()
                || !example.texts().equals(List.of(example.pictures().get(0).name()));
    }

    // of several pictures the first
    private static String shown(Example example) {
        return example.pictures().stream().map(Picture::address).findFirst().orElse("");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %s: %,d examples", task.name(), name, rows.length);
    }
}
