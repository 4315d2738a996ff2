// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * How scores and chosen layers change with the number of examples; made by {@link Selection#bySize}.
 *
 * @param sizes numbers of examples, ascending
 * @param scores the scores for each size
 * @param provenance where it comes from
 */
public record SizeCurve(List<Integer> sizes, List<LayerScores> scores, Provenance provenance) implements Result {

    /** Copies both lists. */
    public SizeCurve {
        sizes = List.copyOf(sizes);
        scores = List.copyOf(scores);
    }

    private LayerScores largest() {
        return scores.get(scores.size() - 1);
    }

    private double[] jaccard() {
        return scores.stream()
                .mapToDouble(some -> Alike.jaccard(some.chosenHalf(), largest().chosenHalf()))
                .toArray();
    }

    private double[] kendall() {
        return scores.stream()
                .mapToDouble(some -> Alike.kendall(some.importances(), largest().importances()))
                .toArray();
    }

    /**
     * Returns one row a size: examples, the chosen half as a mask, its Jaccard overlap with that of the largest sample,
     * Kendall's τ-b with the order of the largest sample, and the mean width of the layers' intervals.
     */
    @Override
    public Table table() {
        return Table.create(
                "choice by number of examples",
                IntColumn.create("examples", sizes.stream().mapToInt(Integer::intValue)),
                StringColumn.create(
                        "chosen", scores.stream().map(some -> some.chosenHalf().mask())),
                DoubleColumn.create("jaccard", jaccard()),
                DoubleColumn.create("kendall", kendall()),
                DoubleColumn.create("interval width", scores.stream().mapToDouble(SizeCurve::width)));
    }

    private static double width(LayerScores scores) {
        return scores.layers().stream()
                .filter(LayerScore.Defined.class::isInstance)
                .map(LayerScore.Defined.class::cast)
                .mapToDouble(score -> score.high() - score.low())
                .average()
                .orElse(Double.NaN);
    }

    /** Returns one row a size and layer: examples, and what the scores of that size say of the layer. */
    public Listing layers() {
        return Listing.of(() -> {
            Table all = Table.create("scores by number of examples");
            for (int i = 0; i < sizes.size(); i++) {
                Table one = scores.get(i).table();
                int examples = sizes.get(i);
                IntColumn column = IntColumn.create(
                        "examples",
                        IntStream.range(0, one.rowCount()).map(row -> examples).toArray());
                one.insertColumn(0, column);
                all = i == 0 ? one.setName(all.name()) : all.append(one);
            }
            return all;
        });
    }

    /** Returns lines of the agreement with the largest sample over the number of examples. */
    @Override
    public Figure chart() {
        double[] across = sizes.stream().mapToDouble(Integer::doubleValue).toArray();
        return Chart.titled("How the choice settles with more examples")
                .horizontal("examples")
                .vertical("agreement with the largest sample")
                .line("chosen half (Jaccard)", across, jaccard())
                .line("order (Kendall's tau)", across, kendall())
                .note("Two lines over the number of examples, " + this
                        + ": how many chosen layers are those of the largest sample, and how alike the orders are.")
                .figure();
    }

    /** Returns one line, for instance {@code 64: 000111, 128: 010011, 256: 010011}. */
    @Override
    public String toString() {
        return IntStream.range(0, sizes.size())
                .mapToObj(i -> sizes.get(i) + ": " + scores.get(i).chosenHalf().mask())
                .collect(Collectors.joining(", "));
    }
}
