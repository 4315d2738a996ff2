// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.lamella.base.Matrix;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Predictions;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Splits and predictions made by hand. */
final class Fixture {

    private Fixture() {}

    /** Returns n examples whose labels go round: 0, 1, ... */
    static Split labelled(int n, int labels) {
        StringColumn text = StringColumn.create("body", IntStream.range(0, n).mapToObj(i -> "text number " + i));
        StringColumn label = StringColumn.create("topic", IntStream.range(0, n).mapToObj(i -> "label " + i % labels));
        return Task.from(Table.create("hand made", text, label))
                .text("body")
                .label("topic")
                .train();
    }

    static Split targets(double... targets) {
        StringColumn text =
                StringColumn.create("body", IntStream.range(0, targets.length).mapToObj(i -> "text number " + i));
        return Task.from(Table.create("hand made", text, DoubleColumn.create("score", targets)))
                .text("body")
                .target("score")
                .train();
    }

    /** Returns predictions that answer example i with the label the function gives for i. */
    static Predictions answering(Split split, IntUnaryOperator answer) {
        int labels = split.task().labels().size();
        double[] logits = new double[split.size() * labels];
        for (int i = 0; i < split.size(); i++) {
            logits[i * labels + answer.applyAsInt(i)] = 2;
        }
        return Predictions.of(split, Matrix.of(split.size(), labels, logits));
    }

    /** Returns predictions that are right but for the examples before the given one. */
    static Predictions wrongBefore(Split split, int first) {
        int labels = split.task().labels().size();
        return answering(split, i -> (split.example(i).label() + (i < first ? 1 : 0)) % labels);
    }
}
