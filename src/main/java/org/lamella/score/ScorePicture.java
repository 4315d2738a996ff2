// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.chart.Chart;
import tech.tablesaw.plotly.components.Figure;

/** Draws the importance of every layer. */
final class ScorePicture {

    private ScorePicture() {}

    /**
     * Draws bars with their intervals, gaps where a layer is undefined.
     *
     * @param measure what was measured
     * @param on on what
     * @param chosen the layers in another colour, most important first
     */
    static Figure of(String measure, String on, List<LayerScore> layers, List<Integer> chosen) {
        double[] importances = new double[layers.size()];
        double[] low = new double[layers.size()];
        double[] high = new double[layers.size()];
        for (LayerScore score : layers) {
            int i = score.layer();
            importances[i] = score instanceof LayerScore.Defined d ? d.importance() : Double.NaN;
            low[i] = score instanceof LayerScore.Defined d ? d.importance() - (d.high() - d.value()) : Double.NaN;
            high[i] = score instanceof LayerScore.Defined d ? d.importance() + (d.value() - d.low()) : Double.NaN;
        }
        List<String> names =
                IntStream.range(0, layers.size()).mapToObj(String::valueOf).toList();
        Chart chart = Chart.titled("How important each layer is (" + on + ")")
                .horizontal("layer")
                .vertical("cka".equals(measure) ? "importance (1 − CKA)" : "importance (" + measure + ")")
                .barsHighlighted("importance", names, importances, low, high, new LinkedHashSet<>(chosen))
                .note(sentence(layers, chosen));
        for (LayerScore score : layers) {
            if (score instanceof LayerScore.Undefined) {
                chart = chart.mark(score.layer(), "undefined");
            }
        }
        return chart.figure();
    }

    private static String sentence(List<LayerScore> layers, List<Integer> chosen) {
        String undefined = layers.stream()
                .filter(score -> score instanceof LayerScore.Undefined)
                .map(score -> " Layer " + score.layer() + " is " + score.note() + ".")
                .collect(Collectors.joining());
        if (chosen.isEmpty()) {
            return "No layer of " + layers.size() + " is chosen." + undefined;
        }
        return "Bars of the importance of " + layers.size() + " layers; the most important are "
                + chosen.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "." + undefined;
    }
}
