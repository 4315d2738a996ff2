// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.base.Bootstrap;
import org.lamella.base.Interval;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.Seed;
import org.lamella.base.chart.Chart;
import org.lamella.data.Split;
import org.lamella.eval.Evaluation;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * The mean probability of the true label as the trained head reads it after 0 to depth layers, with the adapter and
 * without. Immutable, plain Java values.
 */
public final class Trace implements Result {

    private final List<Interval> adapted;
    private final List<Interval> bare;
    private final List<Interval> gap;
    private final Split split;
    private final Provenance provenance;

    private Trace(List<Interval> adapted, List<Interval> bare, List<Interval> gap, Split split, Provenance provenance) {
        this.adapted = adapted;
        this.bare = bare;
        this.gap = gap;
        this.split = split;
        this.provenance = provenance;
    }

    static Trace of(Transformer adapted, Split split, Readings.Pair read) {
        Bootstrap bootstrap = Bootstrap.standard(new Seed(0));
        List<double[]> with = read.adapted().stream().map(Trace::probabilities).toList();
        List<double[]> without = read.bare().stream().map(Trace::probabilities).toList();
        List<Interval> gap = IntStream.range(0, with.size())
                .mapToObj(l -> bootstrap.mean(minus(with.get(l), without.get(l))))
                .toList();
        Evaluation last = Evaluation.of(read.adapted().get(with.size() - 1));
        return new Trace(
                with.stream().map(bootstrap::mean).toList(),
                without.stream().map(bootstrap::mean).toList(),
                gap,
                last.predictions().split(),
                Notes.of("trace", adapted, split, last).finished());
    }

    private static double[] probabilities(Predictions predictions) {
        return IntStream.range(0, predictions.size())
                .mapToDouble(i -> Math.exp(-predictions.loss(i))) // the cross-entropy is −log of it
                .toArray();
    }

    private static double[] minus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    /** Returns the number of layers; points run from 0 to it. */
    public int depth() {
        return adapted.size() - 1;
    }

    /** Returns the mean probability of the truth read after that many layers, 0 to depth, of the adapted model. */
    public Interval probability(int layers) {
        return adapted.get(requirePoint(layers));
    }

    /** Returns the same of the bare encoder, under the same trained head. */
    public Interval bareProbability(int layers) {
        return bare.get(requirePoint(layers));
    }

    private int requirePoint(int layers) {
        if (layers < 0 || layers > depth()) {
            throw new IllegalArgumentException("layers must be 0 to " + depth() + "; got " + layers);
        }
        return layers;
    }

    /**
     * Returns one row a point: layers (how many were run before the head read), adapted, bare and gap (adapted minus
     * bare, paired), each with low and high.
     */
    @Override
    public Table table() {
        Table table = Table.create(
                "trace on " + split,
                IntColumn.create("layers", IntStream.rangeClosed(0, depth()).toArray()));
        add(table, "adapted", adapted);
        add(table, "bare", bare);
        add(table, "gap", gap);
        return table;
    }

    private static void add(Table table, String name, List<Interval> curve) {
        table.addColumns(
                DoubleColumn.create(name, each(curve, Interval::value)),
                DoubleColumn.create(name + " low", each(curve, Interval::low)),
                DoubleColumn.create(name + " high", each(curve, Interval::high)));
    }

    private static double[] each(List<Interval> curve, ToDoubleFunction<Interval> part) {
        return curve.stream().mapToDouble(part).toArray();
    }

    /** Returns both curves with their intervals. */
    @Override
    public Figure chart() {
        double[] across = IntStream.rangeClosed(0, depth()).asDoubleStream().toArray();
        return band(band(axes(), "adapted", across, adapted), "bare", across, bare)
                .note(toString())
                .figure();
    }

    private Chart axes() {
        return Chart.titled("Reading the truth on " + split.task().name() + ", " + split.name())
                .horizontal("layers run before the head reads; 0 is the embedding output")
                .vertical("mean probability of the true label")
                .verticalRange(0, 1);
    }

    private static Chart band(Chart chart, String name, double[] across, List<Interval> curve) {
        return chart.band(
                name, across, each(curve, Interval::value), each(curve, Interval::low), each(curve, Interval::high));
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line: where the adapted curve begins and ends. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Probability of the truth %.3f after no layer, %.3f after all %d; without the adapter %.3f.",
                adapted.get(0).value(),
                adapted.get(depth()).value(),
                depth(),
                bare.get(depth()).value());
    }
}
