// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.lamella.base.Bootstrap;
import org.lamella.base.Choice;
import org.lamella.base.Interval;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.Seed;
import org.lamella.base.chart.Chart;
import org.lamella.data.Split;
import org.lamella.eval.TextMarks;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * What a {@link Search} found: how good the texts are at the boundaries that were written with, and the one to keep. Of
 * those within one paired standard error of the best it is the largest, the nearest to what was trained; and the depth,
 * that is no boundary, when it does not beat the whole adapter by a paired 90 % interval. Immutable, plain Java values.
 */
public final class Found implements Result {

    private static final Seed SEED = new Seed(0).child("search");
    private static final Bootstrap ONE_ERROR = new Bootstrap(SEED, 2000, 0.6827); // what a normal one has within
    private static final Bootstrap NINETY = new Bootstrap(SEED, 2000, 0.90);

    private final Search search;
    private final Sweep sweep;
    private final TreeMap<Integer, TextMarks> marks;
    private final Choice boundary;
    private final int cheapest;
    private final Provenance provenance;

    private Found(
            Search search,
            Sweep sweep,
            TreeMap<Integer, TextMarks> marks,
            Choice boundary,
            int cheapest,
            Provenance provenance) {
        this.search = search;
        this.sweep = sweep;
        this.marks = marks;
        this.boundary = boundary;
        this.cheapest = cheapest;
        this.provenance = provenance;
    }

    /** Returns the boundaries that are written with: the whole adapter, those of the lowest loss, none, those asked for. */
    static List<Integer> shortlist(Search search, Sweep sweep) {
        TreeSet<Integer> all = new TreeSet<>(Comparator.reverseOrder());
        all.addAll(sweep.lowestLoss(search.shortlist()));
        all.add(0);
        all.add(sweep.computedFor(sweep.depth()));
        search.also().forEach(wanted -> all.add(sweep.computedFor(wanted)));
        return List.copyOf(all);
    }

    static Found of(Search search, Sweep sweep, Map<Integer, TextMarks> marks, Split split, Provenance notes) {
        TreeMap<Integer, TextMarks> each = new TreeMap<>(marks);
        String metric = search.metric().name();
        int whole = each.lastKey();
        TextMarks kept = each.lastEntry().getValue();
        // of equal ones the larger
        TextMarks best = each.values().stream()
                .reduce((a, b) -> b.value(metric).value() >= a.value(metric).value() ? b : a)
                .orElseThrow();
        List<Integer> near = each.keySet().stream()
                .filter(b -> withinOneError(marks.getOrDefault(b, best), best, metric))
                .toList();
        int candidate = Collections.max(near);
        Choice choice = new Choice(
                sweep.depth(),
                "no boundary: keeping all layers is within one standard error of the best " + metric,
                split);
        int prompts = split.clusters().size();
        if (prompts < Rule.FEWEST) {
            choice = new Choice(
                    sweep.depth(),
                    "no boundary: " + prompts + " prompts are too few to tell, at least " + Rule.FEWEST,
                    split);
        } else if (each.size() == 1) {
            choice = new Choice(sweep.depth(), "no boundary: nothing was compared with keeping all layers", split);
        } else if (candidate != whole) {
            Interval gain = marks.getOrDefault(candidate, best).minus(kept, metric, NINETY);
            choice = gain.low() > 0
                    ? new Choice(
                            candidate,
                            "the largest boundary within one standard error of the best " + metric
                                    + ", and better than keeping all layers by a 90 % interval",
                            split)
                    : new Choice(
                            sweep.depth(),
                            "no boundary: no cut beats keeping all layers by a 90 % interval of " + metric,
                            split);
        }
        int wanted = shortlist(search, sweep).size();
        Provenance all = each.size() < wanted
                ? notes.warning("stopped: wrote with " + each.size() + " of " + wanted + " boundaries")
                : notes;
        return new Found(
                search,
                sweep,
                each,
                choice,
                Collections.min(near),
                all.with("boundary", choice)
                        .warning("the best of " + each.size() + " boundaries on " + split.name()
                                + " is good partly by luck: report on other examples")
                        .finished());
    }

    private static boolean withinOneError(TextMarks marks, TextMarks best, String metric) {
        if (marks == best) {
            return true;
        }
        Interval less = best.minus(marks, metric, ONE_ERROR);
        return less.value() <= (less.high() - less.low()) / 2;
    }

    /** Returns the boundary to keep, with the rule that chose it; the depth where there is none. */
    public Choice boundary() {
        return boundary;
    }

    /** Returns the smallest boundary within one standard error of the best: the one that keeps the fewest layers. */
    public int cheapest() {
        return cheapest;
    }

    /** Returns the sweep by loss that the boundaries were taken from. */
    public Sweep sweep() {
        return sweep;
    }

    /** Returns the texts at a boundary that was written with. */
    public TextMarks marks(int boundaryAt) {
        TextMarks found = marks.get(sweep.computedFor(boundaryAt));
        if (found == null) {
            throw new IllegalArgumentException(
                    "boundary must be one that was written with, " + marks.keySet() + "; got " + boundaryAt);
        }
        return found;
    }

    /**
     * Returns one row a boundary that was written with: boundary, loss, the metric with low and high, difference from the
     * whole adapter with low and high, unended (texts that reached the limit), chosen.
     */
    @Override
    public Table table() {
        String metric = search.metric().name();
        TextMarks all = marks.lastEntry().getValue();
        IntColumn at = IntColumn.create("boundary");
        IntColumn unended = IntColumn.create("unended");
        BooleanColumn chosen = BooleanColumn.create("chosen");
        marks.forEach((b, each) -> {
            at.append(b);
            unended.append(each.unended());
            chosen.append(b == sweep.computedFor(boundary.value()));
        });
        Table table =
                Table.create("search by " + metric + ", " + all.size() + " prompts, boundary " + boundary.value(), at);
        table.addColumns(DoubleColumn.create(
                "loss",
                marks.keySet().stream()
                        .mapToDouble(b -> sweep.evaluation(b).loss().value())
                        .toArray()));
        Bands.add(table, metric, each(one -> one.value(metric)));
        Bands.add(table, "difference", each(one -> one.minus(all, metric)));
        return table.addColumns(unended, chosen);
    }

    private List<Interval> each(Function<TextMarks, Interval> interval) {
        return marks.values().stream().map(interval).toList();
    }

    /** Returns the metric at each boundary that was written with, and the one to keep marked. */
    @Override
    public Figure chart() {
        String metric = search.metric().name();
        Chart chart = Chart.titled("Search by " + metric)
                .horizontal("boundary: adapted layers below it are kept")
                .vertical(metric);
        double[] places =
                marks.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
        return Bands.draw(chart, metric, places, each(one -> one.value(metric)))
                .mark(boundary.value(), "boundary " + boundary.value())
                .note(toString())
                .figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line: the boundary, and the metric there and with the whole adapter. */
    @Override
    public String toString() {
        String metric = search.metric().name();
        return "Boundary " + boundary + ": " + metric + " "
                + marks(boundary.value()).value(metric) + ", with all layers "
                + marks.lastEntry().getValue().value(metric) + ".";
    }
}
