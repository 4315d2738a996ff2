// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lamella.base.Interval;
import org.lamella.base.Provenance;
import org.lamella.base.chart.Chart;
import org.lamella.data.Split;

/** Draws evaluations of one split side by side: a group of bars a metric, a colour an evaluation. */
final class Bars {

    private Bars() {}

    static Chart of(List<Evaluation> evaluations, Provenance provenance) {
        Split split = evaluations.get(0).predictions().split();
        List<String> metrics = evaluations.get(0).scores().names().stream()
                .filter(name -> !name.equals(Scores.LOSS))
                .toList();
        Chart chart = Chart.titled(provenance.titled(split.task().name() + ", " + split.name()))
                .vertical("value, with 95 % interval over " + split.size() + " examples");
        for (Evaluation evaluation : evaluations) {
            chart = chart.bars(
                    evaluation.name(),
                    metrics,
                    each(evaluation, metrics, Interval::value),
                    each(evaluation, metrics, Interval::low),
                    each(evaluation, metrics, Interval::high));
        }
        return chart;
    }

    private static double[] each(Evaluation evaluation, List<String> metrics, ToDoubleFunction<Interval> part) {
        return metrics.stream().map(evaluation::value).mapToDouble(part).toArray();
    }
}
