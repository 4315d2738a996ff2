// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** How often each true label got each answer. Immutable. */
public final class Confusion implements Result {

    private final String title;
    private final List<String> labels;
    private final Agreement counts;
    private final Provenance provenance;

    private Confusion(String title, List<String> labels, Agreement counts, Provenance provenance) {
        this.title = title;
        this.labels = labels;
        this.counts = counts;
        this.provenance = provenance;
    }

    static Confusion of(Evaluation evaluation) {
        if (Answers.areNumbers(evaluation.predictions())) {
            throw new IllegalStateException("confusion must be asked of a task with labels; got "
                    + evaluation.predictions().split().task().name() + ", a regression");
        }
        List<String> labels = evaluation.predictions().split().task().labels();
        Agreement counts = new Agreement(labels.size());
        for (int cell : Answers.cells(evaluation.predictions())) {
            counts.add(cell);
        }
        String title =
                evaluation.name() + " on " + evaluation.predictions().split().name();
        Provenance provenance = evaluation.provenance();
        return new Confusion(title, labels, counts, provenance.recipe(provenance.recipe() + ".confusion()"));
    }

    /** Returns the labels, in the task's order. */
    public List<String> labels() {
        return labels;
    }

    /** Returns how many examples with that true label got that answer; labels by their index. */
    public int count(int truth, int answer) {
        return counts.count(requireLabel(truth), requireLabel(answer));
    }

    private int requireLabel(int label) {
        if (label < 0 || label >= labels.size()) {
            throw new IllegalArgumentException("label must be 0 to " + (labels.size() - 1) + "; got " + label);
        }
        return label;
    }

    /** Returns one row a true label; the columns after the first count the answers. */
    @Override
    public Table table() {
        Table table = Table.create(title + ": rows are the truth, columns the answers")
                .addColumns(StringColumn.create("truth", labels));
        for (int answer = 0; answer < labels.size(); answer++) {
            IntColumn column = IntColumn.create("answered " + labels.get(answer));
            for (int truth = 0; truth < labels.size(); truth++) {
                column.append(counts.count(truth, answer));
            }
            table.addColumns(column);
        }
        return table;
    }

    /** Returns the counts as a heat map: rows are the truth, columns the answers. */
    @Override
    public Figure chart() {
        int k = labels.size();
        double[] values = new double[k * k];
        double most = 1;
        for (int cell = 0; cell < values.length; cell++) {
            values[cell] = counts.count(cell / k, cell % k);
            most = Math.max(most, values[cell]);
        }
        return Chart.titled(title)
                .horizontal("answer")
                .vertical("truth")
                .heatMap(labels, labels, Matrix.of(k, k, values), 0, most)
                .note(sentence())
                .figure();
    }

    private String sentence() {
        int truth = 0;
        int answer = 0;
        int most = 0;
        for (int t = 0; t < labels.size(); t++) {
            for (int a = 0; a < labels.size(); a++) {
                if (t != a && counts.count(t, a) > most) {
                    truth = t;
                    answer = a;
                    most = counts.count(t, a);
                }
            }
        }
        return most == 0
                ? "Every answer is right."
                : "The most frequent mistake is " + labels.get(truth) + " answered as " + labels.get(answer) + ", "
                        + most + " times.";
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    @Override
    public String toString() {
        return title + ": confusion of " + labels.size() + " labels";
    }
}
