// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import org.lamella.eval.Evaluation;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/** What a training wrote down: one row an optimizer step, and one a measurement on the way. */
final class RunLog {

    private final Table steps;
    private final Table measurements;

    RunLog() {
        this(
                Table.create(
                        "run",
                        IntColumn.create("step"),
                        DoubleColumn.create("loss"),
                        DoubleColumn.create("learning rate"),
                        DoubleColumn.create("gradient norm"),
                        DoubleColumn.create("tokens per second")),
                Table.create("measurements", IntColumn.create("step"), DoubleColumn.create("loss")));
    }

    RunLog(Table steps, Table measurements) {
        this.steps = steps;
        this.measurements = measurements;
    }

    void step(int number, Trainer.Step step, double learningRate, double tokensPerSecond) {
        steps.intColumn("step").append(number);
        steps.doubleColumn("loss").append(step.loss());
        steps.doubleColumn("learning rate").append(learningRate);
        steps.doubleColumn("gradient norm").append(step.gradientNorm());
        steps.doubleColumn("tokens per second").append(tokensPerSecond);
    }

    void measured(int step, Evaluation evaluation) {
        evaluation.metrics().forEach((metric, interval) -> {
            if (!measurements.columnNames().contains(metric)) {
                measurements.addColumns(DoubleColumn.create(metric, measurements.rowCount()));
            }
            measurements.doubleColumn(metric).append(interval.value());
        });
        measurements.intColumn("step").append(step);
        measurements.doubleColumn("loss").append(evaluation.loss().value());
    }

    int steps() {
        return steps.rowCount();
    }

    double lastLoss() {
        return steps() == 0 ? Double.NaN : steps.doubleColumn("loss").getDouble(steps() - 1);
    }

    Table table() {
        return steps.copy();
    }

    Table measurements() {
        return measurements.copy();
    }
}
