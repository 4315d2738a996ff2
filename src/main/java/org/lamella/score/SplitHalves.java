// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.base.Bootstrap;
import org.lamella.base.Interval;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.Seed;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * How alike the choices of layers on two halves of the same examples are; made by {@link Selection#splitHalves}.
 *
 * @param whole the scores on all examples
 * @param repeats what came out each time the examples were halved
 * @param provenance where it comes from
 */
public record SplitHalves(LayerScores whole, List<Repeat> repeats, Provenance provenance) implements Result {

    /**
     * One halving.
     *
     * @param first the most important half of the layers on the first half of the examples
     * @param second the same on the second
     * @param jaccard how many layers both sets hold over how many either holds, 0 to 1
     * @param kendall Kendall's τ-b of the two orders of the layers, −1 to 1, over the layers that both define
     */
    public record Repeat(LayerSet first, LayerSet second, double jaccard, double kendall) {

        static Repeat of(LayerScores first, LayerScores second) {
            LayerSet one = first.chosenHalf();
            LayerSet other = second.chosenHalf();
            return new Repeat(
                    one, other, Alike.jaccard(one, other), Alike.kendall(first.importances(), second.importances()));
        }
    }

    /** Copies the repeats. */
    public SplitHalves {
        repeats = List.copyOf(repeats);
    }

    /** Returns the mean Jaccard overlap of the two choices, and between which ends 95 % of the repeats lie. */
    public Interval jaccard() {
        return over(Repeat::jaccard);
    }

    /** Returns the mean of Kendall's τ-b, and between which ends 95 % of the repeats lie. */
    public Interval kendall() {
        return over(Repeat::kendall);
    }

    private Interval over(ToDoubleFunction<Repeat> measure) {
        double[] values = repeats.stream()
                .mapToDouble(measure)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        return Bootstrap.standard(new Seed(0)).around(mean, values);
    }

    /** Returns for each layer, from 0, in which share of all halves it was chosen. */
    public List<Double> frequencies() {
        return IntStream.range(0, whole.depth())
                .mapToObj(layer -> repeats.stream()
                        .mapToDouble(repeat -> (repeat.first().contains(layer) ? 0.5 : 0)
                                + (repeat.second().contains(layer) ? 0.5 : 0))
                        .average()
                        .orElse(Double.NaN))
                .toList();
    }

    /**
     * Returns one row a measure: its mean over the repeats, the ends between which 95 % of the repeats lie, and what two
     * choices by chance would have.
     */
    @Override
    public Table table() {
        List<Interval> rows = List.of(jaccard(), kendall());
        return Table.create(
                "agreement of " + repeats.size() + " pairs of halves",
                StringColumn.create("measure", "jaccard", "kendall"),
                DoubleColumn.create("mean", rows.stream().mapToDouble(Interval::value)),
                DoubleColumn.create("low", rows.stream().mapToDouble(Interval::low)),
                DoubleColumn.create("high", rows.stream().mapToDouble(Interval::high)),
                DoubleColumn.create("by chance", Alike.jaccardByChance(whole, whole), 0));
    }

    /** Returns one row a repeat: the two sets as masks, jaccard, kendall. */
    public Listing each() {
        return Listing.of(() -> Table.create(
                "pairs of halves",
                IntColumn.create("repeat", IntStream.range(0, repeats.size()).toArray()),
                StringColumn.create(
                        "first", repeats.stream().map(repeat -> repeat.first().mask())),
                StringColumn.create(
                        "second", repeats.stream().map(repeat -> repeat.second().mask())),
                DoubleColumn.create("jaccard", repeats.stream().mapToDouble(Repeat::jaccard)),
                DoubleColumn.create("kendall", repeats.stream().mapToDouble(Repeat::kendall))));
    }

    /** Returns bars of how often each layer was chosen, those chosen on all examples in another colour. */
    @Override
    public Figure chart() {
        List<String> names =
                IntStream.range(0, whole.depth()).mapToObj(String::valueOf).toList();
        double[] shares =
                frequencies().stream().mapToDouble(Double::doubleValue).toArray();
        LayerSet chosen = whole.chosenHalf();
        return Chart.titled("How often each layer is chosen on half of the examples")
                .horizontal("layer")
                .vertical("share of halves")
                .verticalRange(0, 1.05)
                .barsHighlighted("on all", names, shares, new LinkedHashSet<>(chosen.indices()))
                .note("Bars of how often each of " + whole.depth() + " layers is chosen on half of the examples, over "
                        + repeats.size() + " repeats; on all examples chosen are " + chosen.indices() + ". " + this
                        + ".")
                .figure();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Two halves agree with Jaccard overlap %.2f and Kendall's tau %.2f on average",
                jaccard().value(),
                kendall().value());
    }
}
