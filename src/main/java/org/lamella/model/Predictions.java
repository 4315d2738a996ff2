// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.base.Listing;
import org.lamella.base.Matrix;
import org.lamella.base.picture.Gallery;
import org.lamella.base.picture.Picture;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a model says of every example of a split, in the split's order. Plain values: they outlive the model. */
public final class Predictions implements Listing {

    private final Split split;
    private final Matrix logits;
    private final int[] missing; // tokens that each text lost
    private final int leftOut;

    private Predictions(Split split, Matrix logits, int[] missing, int leftOut) {
        this.split = split;
        this.logits = logits;
        this.missing = missing;
        this.leftOut = leftOut;
    }

    /**
     * Returns the predictions with the given logits, no text cut.
     *
     * @param logits one row an example: one column a label, or a single column of values for regression
     */
    public static Predictions of(Split split, Matrix logits) {
        return of(split, logits, new int[split.size()]);
    }

    /**
     * Returns the predictions with the given logits.
     *
     * @param logits one row an example: one column a label, or a single column of values for regression
     * @param missing how many tokens of each text were left out because it was cut
     */
    public static Predictions of(Split split, Matrix logits, int[] missing) {
        int columns =
                switch (split.task().kind()) {
                    case REGRESSION -> 1;
                    case CLASSIFICATION -> split.task().labels().size();
                    case GENERATION -> Head.words().outputs();
                };
        if (logits.rows() != split.size() || logits.columns() != columns) {
            throw new IllegalArgumentException("logits must be " + split.size() + " x " + columns + " for " + split
                    + "; got " + logits.rows() + " x " + logits.columns());
        }
        if (missing.length != split.size()) {
            throw new IllegalArgumentException(
                    "missing must have a number for each of " + split.size() + " texts; got " + missing.length);
        }
        return new Predictions(split, logits, missing.clone(), 0);
    }

    Predictions leftOut(int examples) {
        return new Predictions(split, logits, missing, examples);
    }

    /** Returns how many examples are not here since their prompts fill all tokens, so that none is left for an answer. */
    public int leftOut() {
        return leftOut;
    }

    /** Returns a sentence that says so when these are fewer than the examples that were asked for, since somebody stopped. */
    public Optional<String> stopped(Split asked) {
        return size() + leftOut < asked.size()
                ? Optional.of("stopped after " + size() + " of the " + asked.size()
                        + " examples, the shortest texts first: not representative")
                : Optional.empty();
    }

    /** Returns the split that was predicted. */
    public Split split() {
        return split;
    }

    /** Returns the number of examples. */
    public int size() {
        return split.size();
    }

    /** Returns how many texts were cut because they were longer than the model, or its training, takes. */
    public int cut() {
        return cut(all());
    }

    /**
     * Returns the logits, one row an example; for regression the values; for answers what {@link Head#words()} says.
     */
    public Matrix logits() {
        return logits;
    }

    /** Returns the index of the most probable label; of equal ones the lower. */
    public int label(int example) {
        requireLabels();
        double[] row = logits.row(example);
        int best = 0;
        for (int k = 1; k < row.length; k++) {
            if (row[k] > row[best]) {
                best = k;
            }
        }
        return best;
    }

    /** Returns the probability of each label: the softmax of the logits, in double precision. */
    public double[] probabilities(int example) {
        requireLabels();
        double[] row = logits.row(example);
        double normaliser = logSumExp(row);
        return IntStream.range(0, row.length)
                .mapToDouble(k -> Math.exp(row[k] - normaliser))
                .toArray();
    }

    /** Returns the number predicted for an example of a regression task. */
    public double value(int example) {
        requireKind(Task.Kind.REGRESSION, "value");
        return logits.at(example, 0);
    }

    /** Returns how many tokens the answer of an example of a generation task has. */
    public int answerTokens(int example) {
        requireKind(Task.Kind.GENERATION, "answerTokens");
        return (int) logits.at(example, 1);
    }

    /** Returns how many tokens of the answer were the most probable after the true ones before them. */
    public int rightTokens(int example) {
        requireKind(Task.Kind.GENERATION, "rightTokens");
        return (int) logits.at(example, 2);
    }

    /**
     * Returns the mean probability of the answer's tokens, each after the true ones before it, or the probability of the
     * true label; not a number without truth.
     */
    public double probability(int example) {
        requireChoosing("probability");
        return split.task().kind() == Task.Kind.GENERATION
                ? logits.at(example, 3) / logits.at(example, 1)
                : Math.exp(-loss(example));
    }

    /**
     * Returns the mean rank of the answer's tokens among all words, or that of the true label among all labels: 1 for the
     * most probable. Not a number without truth.
     */
    public double rank(int example) {
        requireChoosing("rank");
        if (split.task().kind() == Task.Kind.GENERATION) {
            return logits.at(example, 4) / logits.at(example, 1);
        }
        double[] row = logits.row(example);
        int truth = split.example(example).label();
        return truth < 0
                ? Double.NaN
                : 1
                        + IntStream.range(0, row.length)
                                .filter(k -> row[k] > row[truth])
                                .count();
    }

    private void requireChoosing(String what) {
        if (split.task().kind() == Task.Kind.REGRESSION) {
            throw new IllegalStateException(what + " needs a task with labels or answers; "
                    + split.task().name() + " is a regression");
        }
    }

    private void requireKind(Task.Kind kind, String what) {
        if (split.task().kind() != kind) {
            throw new IllegalStateException(what + " needs a task with " + kind.truth() + "s; "
                    + split.task().name() + " is " + word(split.task().kind()));
        }
    }

    private static String word(Task.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the cross-entropy of the true label in nats, the squared error, or the mean negative log-probability of the
     * answer's tokens in nats; not a number without truth.
     */
    public double loss(int example) {
        if (split.task().kind() == Task.Kind.GENERATION) {
            return logits.at(example, 0) / logits.at(example, 1);
        }
        Example truth = split.example(example);
        if (split.task().kind() == Task.Kind.REGRESSION) {
            double difference = value(example) - truth.target();
            return difference * difference;
        }
        double[] row = logits.row(example);
        return truth.label() < 0 ? Double.NaN : logSumExp(row) - row[truth.label()];
    }

    private static double logSumExp(double[] row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : row) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (double value : row) {
            sum += Math.exp(value - largest);
        }
        return largest + Math.log(sum);
    }

    private void requireLabels() {
        requireKind(Task.Kind.CLASSIFICATION, "label");
    }

    /**
     * Returns one row an example: its text, the truth, and what was predicted with which probability and loss; of texts
     * that nobody labelled, neither truth nor loss but the probability of every label. When texts were cut, the name says
     * how many and a column says how many tokens each lost.
     */
    @Override
    public Table table() {
        return table("predictions", all());
    }

    private int[] all() {
        return IntStream.range(0, size()).toArray();
    }

    /** Returns the examples whose label was predicted wrongly, the most surprising (highest loss) first. */
    public Listing mistakes() {
        requireLabels();
        int[] wrong = IntStream.range(0, size())
                .filter(i -> split.example(i).label() >= 0 && split.example(i).label() != label(i))
                .boxed()
                .sorted((a, b) -> Double.compare(loss(b), loss(a)))
                .mapToInt(Integer::intValue)
                .toArray();
        return Listing.of(() -> table("mistakes", wrong));
    }

    private Table table(String name, int[] rows) {
        Table table = Table.create(name + " on " + split.name() + cutClause(rows));
        List<Example> examples = IntStream.of(rows).mapToObj(split::example).toList();
        if (examples.stream().anyMatch(example -> !example.pictures().isEmpty())) {
            table.addColumns(StringColumn.create("picture", examples.stream().map(Predictions::shown)));
        }
        if (split.task().kind() == Task.Kind.GENERATION) {
            return table.addColumns(
                    StringColumn.create(
                            "prompt", examples.stream().map(e -> e.texts().get(0))),
                    StringColumn.create(
                            "answer", examples.stream().map(e -> e.answer().orElse(""))),
                    IntColumn.create("tokens", IntStream.of(rows).map(this::answerTokens)),
                    IntColumn.create("right tokens", IntStream.of(rows).map(this::rightTokens)),
                    DoubleColumn.create("loss", IntStream.of(rows).mapToDouble(this::loss)));
        }
        table.addColumns(StringColumn.create("text", examples.stream().map(e -> String.join(" | ", e.texts()))));
        boolean labelled = IntStream.of(rows).anyMatch(split::known);
        boolean regression = split.task().kind() == Task.Kind.REGRESSION;
        if (labelled) {
            table.addColumns(
                    regression
                            ? DoubleColumn.create("target", examples.stream().mapToDouble(Example::target))
                            : StringColumn.create("label", examples.stream().map(this::label)));
        }
        if (regression) {
            table.addColumns(numbers("value", rows, this::value));
        } else {
            List<String> labels = split.task().labels();
            table.addColumns(
                    StringColumn.create("predicted", IntStream.of(rows).mapToObj(i -> labels.get(label(i)))),
                    numbers("probability", rows, i -> probabilities(i)[label(i)]));
            for (int k = 0; k < labels.size() && !labelled; k++) {
                int label = k;
                table.addColumns(numbers("probability of " + labels.get(k), rows, i -> probabilities(i)[label]));
            }
        }
        if (labelled) {
            table.addColumns(numbers("loss", rows, this::loss));
        }
        if (cut(rows) > 0) {
            table.addColumns(IntColumn.create(
                    "tokens cut", IntStream.of(rows).map(i -> missing[i]).toArray()));
        }
        return table;
    }

    // of several pictures the first
    private static String shown(Example example) {
        return example.pictures().stream().map(Picture::address).findFirst().orElse("");
    }

    /**
     * Returns the first pictures of a task with labels beside each other, each with what was asked, what was predicted
     * and, where that is wrong, the truth.
     *
     * @param count how many at most
     */
    public Gallery gallery(int count) {
        requireLabels();
        List<String> labels = split.task().labels();
        List<Gallery.Tile> tiles = IntStream.range(0, size())
                .filter(i -> !split.example(i).pictures().isEmpty())
                .limit(count)
                .mapToObj(i -> tile(split.example(i), labels.get(label(i))))
                .toList();
        return new Gallery(
                "Predictions on " + split.task().name() + ", " + split.name(),
                List.of("question", "predicted", "truth"),
                tiles);
    }

    private Gallery.Tile tile(Example example, String predicted) {
        Picture picture = example.pictures().get(0);
        String asked = example.texts().get(0);
        String truth = label(example);
        boolean wrong = !truth.isEmpty() && !truth.equals(predicted);
        return new Gallery.Tile(
                picture,
                List.of(
                        asked.equals(picture.name())
                                ? ""
                                : asked.replace("<image>", "").strip(),
                        predicted,
                        wrong ? "truth: " + truth : ""),
                wrong);
    }

    private String label(Example example) {
        return example.label() < 0 ? "" : split.task().labels().get(example.label());
    }

    private static DoubleColumn numbers(String name, int[] rows, IntToDoubleFunction number) {
        return DoubleColumn.create(name, IntStream.of(rows).mapToDouble(number));
    }

    private int cut(int[] rows) {
        return (int) IntStream.of(rows).filter(i -> missing[i] > 0).count();
    }

    private String cutClause(int[] rows) {
        int cut = cut(rows);
        return cut == 0 ? "" : ", " + cut + (cut == 1 ? " text cut" : " texts cut");
    }

    @Override
    public String toString() {
        return "Predictions of " + size() + " examples of " + split.name() + cutClause(all());
    }
}
