// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.lamella.base.Bootstrap;
import org.lamella.base.Choice;
import org.lamella.base.Interval;
import org.lamella.base.Names;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.Sample;
import org.lamella.base.Seed;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * Where several rules see the boundary in one trace, each with how sure it is: the 95 % interval over 2,000 resamples of the
 * examples, and how often two random halves of them agree, of 200. The first, the onset at a tenth of the way up, is the
 * default. Beside them what a person or a search chose. Immutable, plain Java values.
 */
public final class CurveRules implements Result {

    private static final List<CurveRule> RULES = List.of(
            CurveRule.onset(0.1),
            CurveRule.onset(0.05),
            CurveRule.onset(0.2),
            CurveRule.knee(),
            CurveRule.steepest(),
            CurveRule.twoPieces(),
            CurveRule.divergence());
    private static final Seed SEED = new Seed(0).child("rules");
    private static final int HALVINGS = 200;

    private record Row(
            String rule, int boundary, Interval interval, OptionalDouble halves, String by, Sample pickedOn) {}

    private final Trace trace;
    private final List<Row> rows;
    private final Provenance provenance;

    private CurveRules(Trace trace, List<Row> rows, Provenance provenance) {
        this.trace = trace;
        this.rows = List.copyOf(rows);
        this.provenance = provenance;
    }

    static CurveRules of(Trace trace) {
        Curve adapted = trace.adaptedCurve();
        Curve gap = trace.gapCurve();
        double sign = trace.measure().moreIsBetter() ? 1 : -1;
        int n = adapted.clusters().size();
        int[] everyone = adapted.clusters().all();
        double[] found = places(seen(adapted, gap, sign, everyone));
        double[][] resampled = Bootstrap.standard(SEED).resample(n, drawn -> places(seen(adapted, gap, sign, drawn)));
        double[] agreed = new double[RULES.size()];
        for (int halving = 0; halving < HALVINGS && n > 1; halving++) {
            int[] order = SEED.child("halving " + halving).permutation(n);
            double[] one = places(seen(adapted, gap, sign, Arrays.copyOf(order, n / 2)));
            double[] other = places(seen(adapted, gap, sign, Arrays.copyOfRange(order, n / 2, n)));
            Arrays.setAll(agreed, rule -> agreed[rule] + (one[rule] == other[rule] ? 1.0 / HALVINGS : 0));
        }
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < RULES.size(); r++) {
            int rule = r;
            rows.add(new Row(
                    RULES.get(r).name(),
                    (int) found[r],
                    Bootstrap.standard(SEED)
                            .around(
                                    found[r],
                                    Arrays.stream(resampled)
                                            .mapToDouble(row -> row[rule])
                                            .toArray()),
                    n > 1 ? OptionalDouble.of(Math.min(1, agreed[r])) : OptionalDouble.empty(),
                    "rule",
                    trace.split()));
        }
        Provenance notes = Notes.looked(trace.provenance(), trace.split(), ".rules()");
        double rise =
                sign * (trace.adapted(trace.depth()).value() - trace.adapted(0).value());
        return new CurveRules(
                trace,
                rows,
                rise > 0
                        ? notes
                        : notes.warning("this curve does not rise from its beginning to its end: the rules read"
                                + " boundaries off noise"));
    }

    private static CurveRule.Seen seen(Curve adapted, Curve gap, double sign, int[] drawn) {
        return new CurveRule.Seen(times(sign, adapted.means(drawn)), times(sign, gap.means(drawn)), gap.errors(drawn));
    }

    private static double[] times(double sign, double[] values) {
        return Arrays.stream(values).map(value -> sign * value).toArray();
    }

    private static double[] places(CurveRule.Seen seen) {
        return RULES.stream().mapToDouble(rule -> rule.place().applyAsInt(seen)).toArray();
    }

    /**
     * Returns these with a boundary that a person set, noted with who it was and what they looked at.
     *
     * @param boundary 0 to depth
     * @param who set it
     * @param picture what they looked at, for instance {@code "the trace, where the curve leaves the floor"}
     */
    public CurveRules byHand(int boundary, String who, String picture) {
        requireBoundary(boundary);
        if (who.isBlank() || picture.isBlank()) {
            throw new IllegalArgumentException(
                    "who and picture must say who set the boundary and what they looked at; got \"" + who + "\" and \""
                            + picture + "\"");
        }
        return with(
                new Row(
                        "by hand",
                        boundary,
                        Interval.exactly(Double.NaN),
                        OptionalDouble.empty(),
                        who + ", " + picture,
                        trace.split()),
                ".byHand(" + boundary + ", " + Names.quoted(who) + ", " + Names.quoted(picture) + ")");
    }

    /** Returns these with a boundary that was chosen otherwise, for instance that of a {@link Sweep}. */
    public CurveRules beside(String name, Choice choice) {
        requireBoundary(choice.value());
        return with(
                new Row(
                        name,
                        choice.value(),
                        Interval.exactly(Double.NaN),
                        OptionalDouble.empty(),
                        choice.rule(),
                        choice.pickedOn()),
                ".beside(" + Names.quoted(name) + ", " + choice.recipe() + ")");
    }

    private void requireBoundary(int boundary) {
        if (boundary < 0 || boundary > trace.depth()) {
            throw new IllegalArgumentException("boundary must be 0 to " + trace.depth() + "; got " + boundary);
        }
    }

    private CurveRules with(Row row, String call) {
        List<Row> more = new ArrayList<>(rows);
        more.add(row);
        return new CurveRules(trace, more, provenance.then(call));
    }

    /** Returns the boundary of the first rule, the onset at a tenth of the way. */
    public Choice boundary() {
        return boundary(rows.get(0).rule());
    }

    /** Returns the boundary of a rule by its name in the table. */
    public Choice boundary(String rule) {
        Row row = rows.stream()
                .filter(each -> each.rule().equals(rule))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = rows.stream().map(Row::rule).toList();
                    return new IllegalArgumentException("rule must be one of " + String.join(", ", names) + "; got \""
                            + rule + "\"" + Names.didYouMean(rule, names));
                });
        String why = row.by().equals("rule") ? row.rule() + " of the " + trace.measure() : row.rule() + ": " + row.by();
        return new Choice(row.boundary(), why, row.pickedOn());
    }

    /**
     * Returns one row a rule: rule, boundary, low and high (95 % of resamples), halves agree (the share of random halvings
     * whose halves have the same boundary), by (whom or what).
     */
    @Override
    public Table table() {
        Table table = Table.create("boundaries seen in the " + trace.measure() + " on " + trace.split());
        IntColumn boundary = IntColumn.create("boundary");
        rows.forEach(row -> boundary.append(row.boundary()));
        DoubleColumn halves = DoubleColumn.create("halves agree");
        rows.forEach(row -> {
            if (row.halves().isPresent()) {
                halves.append(row.halves().getAsDouble());
            } else {
                halves.appendMissing();
            }
        });
        return table.addColumns(
                StringColumn.create("rule", rows.stream().map(Row::rule).toList()),
                boundary,
                DoubleColumn.create(
                        "low",
                        rows.stream().mapToDouble(row -> row.interval().low()).toArray()),
                DoubleColumn.create(
                        "high",
                        rows.stream().mapToDouble(row -> row.interval().high()).toArray()),
                halves,
                StringColumn.create("by", rows.stream().map(Row::by).toList()));
    }

    /** Returns the trace with a line at each boundary, named by the rules that see it there. */
    @Override
    public Figure chart() {
        Chart chart = trace.picture();
        for (int boundary : rows.stream().map(Row::boundary).distinct().sorted().toList()) {
            List<String> names = rows.stream()
                    .filter(row -> row.boundary() == boundary)
                    .map(Row::rule)
                    .toList();
            chart = chart.mark(
                    boundary, names.get(0) + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : ""));
        }
        return chart.note(toString()).figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line: the boundary of the default rule, and the range of all. */
    @Override
    public String toString() {
        return "Boundary " + boundary() + "; all " + rows.size() + " from "
                + rows.stream().mapToInt(Row::boundary).min().orElseThrow() + " to "
                + rows.stream().mapToInt(Row::boundary).max().orElseThrow() + ".";
    }
}
