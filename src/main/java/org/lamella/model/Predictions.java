// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Listing;
import org.lamella.base.Matrix;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a model says of every example of a split, in the split's order. Plain values: they outlive the model. */
public final class Predictions implements Listing {

    private final Split split;
    private final Matrix logits;
    private final int cut;

    private Predictions(Split split, Matrix logits, int cut) {
        this.split = split;
        this.logits = logits;
        this.cut = cut;
    }

    /**
     * Returns the predictions with the given logits, no text cut.
     *
     * @param logits one row an example: one column a label, or a single column of values for regression
     */
    public static Predictions of(Split split, Matrix logits) {
        return of(split, logits, 0);
    }

    /**
     * Returns the predictions with the given logits.
     *
     * @param logits one row an example: one column a label, or a single column of values for regression
     * @param cut how many texts were cut
     */
    public static Predictions of(Split split, Matrix logits, int cut) {
        int columns = split.task().kind() == Task.Kind.REGRESSION
                ? 1
                : split.task().labels().size();
        if (logits.rows() != split.size() || logits.columns() != columns) {
            throw new IllegalArgumentException("logits must be " + split.size() + " x " + columns + " for " + split
                    + "; got " + logits.rows() + " x " + logits.columns());
        }
        return new Predictions(split, logits, cut);
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
        return cut;
    }

    /** Returns the logits, one row an example; for regression the values. */
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
        if (split.task().kind() != Task.Kind.REGRESSION) {
            throw new IllegalStateException(
                    "value needs a regression task; " + split.task().name() + " has labels");
        }
        return logits.at(example, 0);
    }

    /** Returns the cross-entropy of the true label in nats, or the squared error; not a number without truth. */
    public double loss(int example) {
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
        if (split.task().kind() == Task.Kind.REGRESSION) {
            throw new IllegalStateException(
                    "label needs a task with labels; " + split.task().name() + " is regression");
        }
    }

    /** Returns one row an example: its text, the truth, and what was predicted with which probability and loss. */
    @Override
    public Table table() {
        return table("predictions", IntStream.range(0, size()).toArray());
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
        return () -> table("mistakes", wrong);
    }

    private Table table(String name, int[] rows) {
        Table table = Table.create(name + " on " + split.name());
        List<Example> examples = IntStream.of(rows).mapToObj(split::example).toList();
        table.addColumns(StringColumn.create("text", examples.stream().map(e -> String.join(" | ", e.texts()))));
        double[] losses = IntStream.of(rows).mapToDouble(this::loss).toArray();
        if (split.task().kind() == Task.Kind.REGRESSION) {
            return table.addColumns(
                    DoubleColumn.create("target", examples.stream().mapToDouble(Example::target)),
                    DoubleColumn.create("value", IntStream.of(rows).mapToDouble(this::value)),
                    DoubleColumn.create("loss", losses));
        }
        List<String> labels = split.task().labels();
        return table.addColumns(
                StringColumn.create("label", examples.stream().map(e -> e.label() < 0 ? "" : labels.get(e.label()))),
                StringColumn.create("predicted", IntStream.of(rows).mapToObj(i -> labels.get(label(i)))),
                DoubleColumn.create("probability", IntStream.of(rows).mapToDouble(i -> probabilities(i)[label(i)])),
                DoubleColumn.create("loss", losses));
    }

    @Override
    public String toString() {
        return "Predictions of " + size() + " examples of " + split.name()
                + (cut == 0 ? "" : ", " + cut + " texts cut");
    }
}
