// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.Map;
import org.lamella.base.Interval;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Run;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** One run of an experiment with what it reached; its provenance has the experiment's notes. */
public final class Trial implements Result {

    private final String metric;
    private final Run run;
    private final Evaluation evaluation;
    private final Provenance provenance;

    private Trial(String metric, Run run, Evaluation evaluation, Provenance provenance) {
        this.metric = metric;
        this.run = run;
        this.evaluation = evaluation;
        this.provenance = provenance;
    }

    static Trial of(Experiment experiment, Run run, Evaluation evaluation) {
        Provenance provenance = run.provenance()
                .recipe(run.provenance().recipe() + "\nvar measured = run.evaluate("
                        + experiment.measured().recipe() + ");");
        for (Map.Entry<String, String> fact : evaluation.provenance().facts().entrySet()) {
            provenance = provenance.facts().containsKey(fact.getKey())
                    ? provenance
                    : provenance.with(fact.getKey(), fact.getValue());
        }
        for (Map.Entry<String, String> note : experiment.notes().entrySet()) {
            provenance = provenance.with(note.getKey(), note.getValue());
        }
        for (String warning : evaluation.provenance().warnings()) {
            provenance = provenance.warnings().contains(warning) ? provenance : provenance.warning(warning);
        }
        return new Trial(experiment.metric(), run, evaluation, provenance);
    }

    /** Returns the training with its adapter. */
    public Run run() {
        return run;
    }

    /** Returns how good it is, with every metric of the task. */
    public Evaluation evaluation() {
        return evaluation;
    }

    /** Returns the metric that counts, with its interval over the examples. */
    public Interval value() {
        return evaluation.value(metric);
    }

    /** Returns one row a metric. */
    @Override
    public Table table() {
        return evaluation.table();
    }

    /** Returns a bar a metric. */
    @Override
    public Figure chart() {
        return evaluation.chart();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    @Override
    public String toString() {
        return metric + " " + value() + " after " + run.steps() + " steps";
    }
}
