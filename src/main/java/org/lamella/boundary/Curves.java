// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.lamella.base.Interval;
import org.lamella.base.LayerSet;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.model.Predictions;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * What each layer's pairs give, looked at in four ways: read after each layer, which observes; and with the adapter kept
 * below a boundary, without one layer, or on one layer only, which intervene. They need not agree. Immutable, plain Java
 * values.
 */
public final class Curves implements Result {

    private final Trace trace;
    private final LayerSet layers;
    private final Map<LayerSet, Predictions> answers;
    private final List<Interval> retention;
    private final List<Interval> suffix;
    private final List<Interval> leftOut;
    private final List<Interval> onlyIn;
    private final Provenance provenance;

    private Curves(Trace trace, LayerSet layers, Map<LayerSet, Predictions> answers, Provenance provenance) {
        this.trace = trace;
        this.layers = layers;
        this.answers = answers;
        this.provenance = provenance;
        int depth = layers.depth();
        Curve whole = curve(depth - 1, layer -> layers);
        Curve none = curve(depth - 1, layer -> LayerSet.none(depth));
        Curve without = curve(depth - 1, layer -> without(layers, layer));
        Curve alone = curve(depth - 1, layer -> alone(layers, layer));
        boolean more = trace.measure().moreIsBetter();
        retention = curve(depth, layers::below).intervals();
        suffix = curve(depth, boundary -> from(layers, boundary)).intervals();
        leftOut = (more ? whole.minus(without) : without.minus(whole)).intervals();
        onlyIn = (more ? alone.minus(none) : none.minus(alone)).intervals();
    }

    static Curves of(Trace trace, LayerSet layers, Map<LayerSet, Predictions> answers, Provenance provenance) {
        return new Curves(trace, layers, new LinkedHashMap<>(answers), provenance);
    }

    /** Returns the sets of layers that the four curves need, each once. */
    static List<LayerSet> masks(LayerSet layers) {
        Set<LayerSet> masks = new LinkedHashSet<>();
        IntStream.rangeClosed(0, layers.depth()).forEach(boundary -> {
            masks.add(layers.below(boundary));
            masks.add(from(layers, boundary));
        });
        IntStream.range(0, layers.depth()).forEach(layer -> {
            masks.add(without(layers, layer));
            masks.add(alone(layers, layer));
        });
        return List.copyOf(masks);
    }

    private static LayerSet from(LayerSet layers, int boundary) {
        return layers.intersection(LayerSet.where(layers.depth(), layer -> layer >= boundary));
    }

    private static LayerSet without(LayerSet layers, int layer) {
        return layers.intersection(LayerSet.of(layers.depth(), layer).complement());
    }

    private static LayerSet alone(LayerSet layers, int layer) {
        return layers.intersection(LayerSet.of(layers.depth(), layer));
    }

    private Curve curve(int last, IntFunction<LayerSet> mask) {
        return Curve.of(
                trace.measure(),
                IntStream.rangeClosed(0, last)
                        .mapToObj(point -> answers.getOrDefault(mask.apply(point), answers.get(layers)))
                        .toList());
    }

    /** Returns the same curves in another measure; nothing is computed again by the model. */
    public Curves in(Measure measure) {
        return new Curves(trace.in(measure), layers, answers, Notes.measured(provenance, measure));
    }

    /** Returns what the head reads after each layer, adapted and bare. */
    public Trace trace() {
        return trace;
    }

    /** Returns the model's answer with the adapter below a boundary, 0 to depth. */
    public Interval retention(int boundary) {
        return at(retention, boundary, "boundary");
    }

    /** Returns the model's answer with the adapter from a boundary on, 0 to depth: the mirror. */
    public Interval suffix(int boundary) {
        return at(suffix, boundary, "boundary");
    }

    /** Returns by how much the whole adapter is better than the one without a layer: positive where the layer helps. */
    public Interval leaveOneOut(int layer) {
        return at(leftOut, layer, "layer");
    }

    /** Returns by how much the adapter on one layer only is better than none: positive where the layer helps. */
    public Interval onlyOneIn(int layer) {
        return at(onlyIn, layer, "layer");
    }

    private static Interval at(List<Interval> row, int place, String what) {
        if (place < 0 || place >= row.size()) {
            throw new IllegalArgumentException(what + " must be 0 to " + (row.size() - 1) + "; got " + place);
        }
        return row.get(place);
    }

    /**
     * Returns one row a place: layer (0 to depth), reading (the head after so many layers), retention (adapter below),
     * suffix (adapter from there on), leave one out and only one in (of that layer, as gains; none in the last row), each
     * with low and high.
     */
    @Override
    public Table table() {
        int depth = layers.depth();
        Table table = Table.create(
                "curves on " + trace.split() + ", " + trace.measure(),
                IntColumn.create("layer", IntStream.rangeClosed(0, depth).toArray()));
        Bands.add(
                table,
                "reading",
                IntStream.rangeClosed(0, depth).mapToObj(trace::adapted).toList());
        Bands.add(table, "retention", retention);
        Bands.add(table, "suffix", suffix);
        Bands.add(table, "leave one out", leftOut);
        Bands.add(table, "only one in", onlyIn);
        return table;
    }

    /** Returns the four curves and the mirror; the gains of single layers start from zero. */
    @Override
    public Figure chart() {
        Chart chart = Chart.titled("Four curves on " + trace.split().task().name() + ", "
                        + trace.split().name())
                .horizontal("layer, or the boundary below it")
                .vertical("mean " + trace.measure());
        chart = Bands.draw(
                chart,
                "reading",
                IntStream.rangeClosed(0, layers.depth())
                        .mapToObj(trace::adapted)
                        .toList());
        chart = Bands.draw(chart, "retention", retention);
        chart = Bands.draw(chart, "suffix", suffix);
        chart = Bands.draw(chart, "leave one out, gain", leftOut);
        return Bands.draw(chart, "only one in, gain", onlyIn).note(toString()).figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line: both ends of the retention, and the layers whose loss costs most. */
    @Override
    public String toString() {
        int dearest = IntStream.range(0, layers.depth())
                .reduce((a, b) -> leftOut.get(b).value() > leftOut.get(a).value() ? b : a)
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "Mean %s %.3f without the adapter, %.3f with it; layer %d is missed most (%.3f).",
                trace.measure(),
                retention.get(0).value(),
                retention.get(layers.depth()).value(),
                dearest,
                leftOut.get(dearest).value());
    }
}
