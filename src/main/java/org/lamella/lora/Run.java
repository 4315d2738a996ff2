// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.data.Home;
import org.lamella.data.Split;
import org.lamella.eval.Evaluation;
import org.lamella.model.Transformer;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** One training of a recipe: its adapter, its loss curve, and what it takes to make it again. */
public final class Run implements Result {

    private final Transformer model;
    private final Adapter adapter;
    private final RunLog log;
    private final Provenance provenance;

    Run(Transformer base, Adapter adapter, RunLog log, Provenance provenance) {
        this.model = base;
        this.adapter = adapter;
        this.log = log;
        this.provenance = provenance;
    }

    /** Returns the run of a folder that {@link #save} wrote; its base model is loaded by the name it was trained with. */
    public static Run load(Path folder) {
        return RunFolder.read(folder);
    }

    /** Returns the run of a folder that {@link #save} wrote, over a model that is loaded already. */
    public static Run load(Path folder, Transformer model) {
        return RunFolder.read(folder, model);
    }

    /**
     * Writes the run into a folder, replaced whole or not at all: the adapter as a stock PEFT folder, the log and the
     * provenance beside it. The base model is not written.
     */
    public void save(Path folder) {
        RunFolder.write(this, folder);
    }

    /** Keeps what a diverged run had, and says how to get it back or why it could not be kept. */
    static String saveDiverged(Run run) {
        Path folder = Home.path().resolve("diverged").resolve("run-" + System.currentTimeMillis());
        boolean asked = Thread.interrupted(); // an interrupted thread cannot write
        try {
            run.save(folder);
            return "what was trained until then is kept: Run.load(Path.of(\"" + folder + "\"))";
        } catch (UncheckedIOException | IllegalStateException e) {
            return "what was trained until then could not be kept: " + e.getMessage();
        } finally {
            if (asked) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns what was trained. */
    public Adapter adapter() {
        return adapter;
    }

    /** Returns the model with the adapter laid over it: what predicts. */
    public Transformer model() {
        return model.with(adapter);
    }

    Transformer base() {
        return model;
    }

    /** Measures the adapted model on a split, cut at the length it was trained with. */
    public Evaluation evaluate(Split split) {
        return Evaluation.measure(model(), split);
    }

    /** Returns the number of optimizer steps that were done. */
    public int steps() {
        return log.steps();
    }

    /** Returns whether the run ended before its last planned step. */
    public boolean stopped() {
        return provenance.warnings().stream().anyMatch(warning -> warning.startsWith("stopped after"));
    }

    /** Returns one row an optimizer step: step, loss, learning rate, gradient norm, tokens per second. */
    @Override
    public Table table() {
        return log.table();
    }

    /** Returns one row a measurement on the way: step, loss and each metric; without rows when none was asked for. */
    public Listing measurements() {
        return log::measurements;
    }

    RunLog log() {
        return log;
    }

    /** Returns the loss curve, with the measured loss where there is one. */
    @Override
    public Figure chart() {
        Table steps = log.table();
        Table measured = log.measurements();
        Chart chart = Chart.titled("Training loss")
                .horizontal("optimizer step")
                .vertical("loss (nats)")
                .note("Training loss over " + steps() + " optimizer steps, from " + rounded(steps, 0) + " to "
                        + rounded(steps, steps() - 1) + ".")
                .line(
                        "training",
                        steps.intColumn("step").asDoubleArray(),
                        steps.doubleColumn("loss").asDoubleArray());
        if (measured.rowCount() > 0) {
            chart = chart.line(
                    "measured",
                    measured.intColumn("step").asDoubleArray(),
                    measured.doubleColumn("loss").asDoubleArray());
        }
        return chart.figure();
    }

    private static String rounded(Table steps, int row) {
        return row < 0 || row >= steps.rowCount()
                ? "no step"
                : String.format(
                        java.util.Locale.ROOT,
                        "%.3f",
                        steps.doubleColumn("loss").getDouble(row));
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    @Override
    public String toString() {
        return "Run of " + steps() + " steps, " + adapter;
    }
}
