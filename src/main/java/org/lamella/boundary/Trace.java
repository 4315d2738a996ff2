// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.lamella.base.Interval;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Predictions;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * How the head takes the truth when it reads after 0 to depth layers, with the adapter and without. Immutable, plain Java
 * values.
 */
public final class Trace implements Result {

    private final List<Predictions> readAdapted;
    private final List<Predictions> readBare;
    private final Measure measure;
    private final List<Interval> adapted;
    private final List<Interval> bare;
    private final List<Interval> gap;
    private final Provenance provenance;

    private Trace(List<Predictions> readAdapted, List<Predictions> readBare, Measure measure, Provenance provenance) {
        this.readAdapted = readAdapted;
        this.readBare = readBare;
        this.measure = measure;
        this.provenance = provenance;
        adapted = adaptedCurve().intervals();
        bare = Curve.of(measure, readBare).intervals();
        gap = gapCurve().intervals();
    }

    static Trace of(Readings.Pair read, Provenance provenance) {
        boolean numbers = read.adapted().get(0).split().task().kind() == Task.Kind.REGRESSION;
        return new Trace(read.adapted(), read.bare(), numbers ? Measure.LOSS : Measure.PROBABILITY, provenance);
    }

    /** Returns the same trace in another measure; nothing is computed again by the model. */
    public Trace in(Measure other) {
        other.requireFits(split().task());
        return new Trace(readAdapted, readBare, other, Notes.measured(provenance, other));
    }

    Curve adaptedCurve() {
        return Curve.of(measure, readAdapted);
    }

    /** Returns by how much more the adapted model says than the bare one. */
    Curve gapCurve() {
        return adaptedCurve().minus(Curve.of(measure, readBare));
    }

    Split split() {
        return readAdapted.get(0).split();
    }

    /** Returns whether fewer examples than these were read, since somebody stopped. */
    boolean stopped(Split asked) {
        return readAdapted.get(0).stopped(asked).isPresent();
    }

    /** Returns what is measured; unless {@link #in} said otherwise the probability of the truth, of a regression the loss. */
    public Measure measure() {
        return measure;
    }

    /** Returns the number of layers; points run from 0 to it. */
    public int depth() {
        return adapted.size() - 1;
    }

    /** Returns the mean read after that many layers, 0 to depth, of the adapted model. */
    public Interval adapted(int layers) {
        return adapted.get(requirePoint(layers));
    }

    /** Returns the same of the bare model; under the trained head, where one was trained. */
    public Interval bare(int layers) {
        return bare.get(requirePoint(layers));
    }

    /** Returns the adapted minus the bare, example by example. */
    public Interval gap(int layers) {
        return gap.get(requirePoint(layers));
    }

    private int requirePoint(int layers) {
        if (layers < 0 || layers > depth()) {
            throw new IllegalArgumentException("layers must be 0 to " + depth() + "; got " + layers);
        }
        return layers;
    }

    /** Returns where rules for a person's eye see the boundary in the adapted curve, beside each other. */
    public CurveRules rules() {
        return CurveRules.of(this);
    }

    /**
     * Returns one row a point: layers (how many were run before the head read), adapted, bare and gap (adapted minus
     * bare, paired), each with low and high.
     */
    @Override
    public Table table() {
        Table table = Table.create(
                "trace on " + split() + ", " + measure,
                IntColumn.create("layers", IntStream.rangeClosed(0, depth()).toArray()));
        Bands.add(table, "adapted", adapted);
        Bands.add(table, "bare", bare);
        Bands.add(table, "gap", gap);
        return table;
    }

    /** Returns both curves with their intervals. */
    @Override
    public Figure chart() {
        return picture().note(toString()).figure();
    }

    /** Returns the picture of both curves, to be marked. */
    Chart picture() {
        Chart chart = Chart.titled("Reading the truth on " + split().task().name() + ", " + split().name())
                .horizontal("layers run before the head reads; 0 is the embedding output")
                .vertical("mean " + measure);
        Chart ranged = measure == Measure.LOSS || measure == Measure.RANK ? chart : chart.verticalRange(0, 1);
        return Bands.draw(Bands.draw(ranged, "adapted", adapted), "bare", bare);
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
                "Mean %s %.3f after no layer, %.3f after all %d; without the adapter %.3f.",
                measure,
                adapted.get(0).value(),
                adapted.get(depth()).value(),
                depth(),
                bare.get(depth()).value());
    }
}
