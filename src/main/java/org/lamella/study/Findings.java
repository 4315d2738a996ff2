// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.lamella.base.Interval;
import org.lamella.base.Listing;
import org.lamella.base.Names;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.data.Split;
import org.lamella.eval.Evaluation;
import org.lamella.eval.Metric;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * What a study found: of each cell the mean over seeds, their standard deviation and a 95 % interval, and the paired
 * difference from one cell, the baseline.
 *
 * <p>The interval comes from 1,000 resamples in which both the examples and the seeds are drawn again, alike for all cells;
 * with one seed it speaks for other examples only. With few seeds it is too narrow: three drawn from three cannot show what a
 * fourth would do. Plain Java values; the models may be closed.
 */
public final class Findings implements Result {

    private final Study study;
    private final Map<Cell, Map<Long, Outcome>> found;
    private final String metric;
    private final Cell baseline;
    private final Readings readings;
    private final Provenance provenance;

    private Findings(
            Study study,
            Map<Cell, Map<Long, Outcome>> found,
            String metric,
            Cell baseline,
            Readings readings,
            Provenance provenance) {
        this.study = study;
        this.found = found;
        this.metric = metric;
        this.baseline = baseline;
        this.readings = readings;
        this.provenance = provenance;
    }

    static Findings of(Study study, Map<Cell, Map<Long, Outcome>> found, Provenance provenance) {
        String metric = study.experiment().metric();
        Cell first = found.keySet().iterator().next();
        Provenance facts = provenance.with(
                "intervals",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %,d resamples of examples and seeds, seed 0",
                        Readings.RESAMPLES.level() * 100,
                        Readings.RESAMPLES.replicates()));
        for (String warning : warnings(found)) {
            facts = facts.warning(warning);
        }
        return new Findings(
                study,
                Collections.unmodifiableMap(found),
                metric,
                first,
                Readings.of(found, Metric.named(metric), study.experiment().measured()),
                facts);
    }

    private static Set<String> warnings(Map<Cell, Map<Long, Outcome>> found) {
        Set<String> warnings = new LinkedHashSet<>();
        Set<String> versions = new LinkedHashSet<>();
        found.forEach((cell, outcomes) -> outcomes.forEach((seed, outcome) -> {
            versions.add(outcome.version());
            outcome.warnings().forEach(warning -> warnings.add("\"" + cell.name() + "\": " + warning));
            if (outcome.diverged()) {
                warnings.add("\"" + cell.name() + "\", seed " + seed + ": " + outcome.trouble());
            }
        }));
        if (versions.size() > 1) {
            warnings.add("the runs were made by several versions of this library: " + String.join(", ", versions));
        }
        return warnings;
    }

    /** Returns these findings with the differences taken from another cell. */
    public Findings against(String cell) {
        return new Findings(study, found, metric, find(cell), readings, provenance);
    }

    /** Returns these findings by another metric of the task. */
    public Findings metric(String name) {
        GlueSettings.require(
                "metric", name, study.experiment().measured().task().metrics());
        Split measured = study.experiment().measured();
        return new Findings(study, found, name, baseline, Readings.of(found, Metric.named(name), measured), provenance);
    }

    /** Returns the names of the cells in their order: the levels of each, for instance {@code middle, 16}. */
    public List<String> cells() {
        return found.keySet().stream().map(Cell::name).toList();
    }

    /** Returns the mean of a cell over its seeds. */
    public Interval value(String cell) {
        return readings.mean(find(cell));
    }

    /** Returns how much more a cell reaches than the baseline, over the seeds that both have. */
    public Interval difference(String cell) {
        return readings.difference(find(cell), baseline);
    }

    /** Returns the metric of each finished run of a cell, in the order of the seeds. */
    public List<Double> values(String cell) {
        List<Double> values = new ArrayList<>();
        for (double value : readings.values(find(cell))) {
            values.add(value);
        }
        return List.copyOf(values);
    }

    /**
     * Returns the evaluation of one run, made again from its kept answers.
     *
     * @throws IllegalArgumentException when that run is not among the finished ones
     */
    public Evaluation evaluation(String cell, long seed) {
        Outcome outcome = found.getOrDefault(find(cell), Map.of()).get(seed);
        if (outcome == null || outcome.diverged()) {
            throw new IllegalArgumentException("seed must be one that \"" + cell + "\" finished with; got " + seed);
        }
        return outcome.evaluation(study.experiment().measured(), cell + ", seed " + seed);
    }

    private Cell find(String cell) {
        List<String> known = cells();
        int at = known.indexOf(cell);
        if (at < 0) {
            throw new IllegalArgumentException("cell must be one of " + String.join("; ", known) + "; got \"" + cell
                    + "\"" + Names.didYouMean(cell, known));
        }
        return List.copyOf(found.keySet()).get(at);
    }

    /**
     * Returns one row a cell: each factor's level, metric, n (seeds), mean, deviation, low, high, difference, difference
     * deviation, difference low, difference high, parameters (of the pairs), seconds (the mean of a training), note.
     */
    @Override
    public Table table() {
        List<Cell> cells = List.copyOf(found.keySet());
        Table table = Table.create(title());
        study.factors()
                .forEach(factor -> table.addColumns(StringColumn.create(
                        factor.name(), cells.stream().map(cell -> cell.levels().getOrDefault(factor.name(), "")))));
        return table.addColumns(
                StringColumn.create("metric", cells.stream().map(cell -> metric)),
                IntColumn.create("n", cells.stream().mapToInt(cell -> readings.values(cell).length)),
                column("mean", cell -> readings.mean(cell).value()),
                column("deviation", cell -> Readings.deviation(readings.values(cell))),
                column("low", cell -> readings.mean(cell).low()),
                column("high", cell -> readings.mean(cell).high()),
                column("difference", cell -> fromBaseline(cell).value()),
                column("difference deviation", this::differenceDeviation),
                column("difference low", cell -> fromBaseline(cell).low()),
                column("difference high", cell -> fromBaseline(cell).high()),
                parameters(cells),
                column("seconds", cell -> meanSeconds(found.getOrDefault(cell, Map.of()))),
                StringColumn.create("note", cells.stream().map(this::note)));
    }

    private DoubleColumn column(String name, ToDoubleFunction<Cell> value) {
        return DoubleColumn.create(name, found.keySet().stream().mapToDouble(value));
    }

    private Interval fromBaseline(Cell cell) {
        return cell.equals(baseline) ? Interval.exactly(Double.NaN) : readings.difference(cell, baseline);
    }

    private double differenceDeviation(Cell cell) {
        return cell.equals(baseline) ? Double.NaN : Readings.deviation(readings.differences(cell, baseline));
    }

    private LongColumn parameters(List<Cell> cells) {
        LongColumn parameters = LongColumn.create("parameters");
        for (Cell cell : cells) {
            found.getOrDefault(cell, Map.of()).values().stream()
                    .filter(outcome -> !outcome.diverged())
                    .findFirst()
                    .ifPresentOrElse(outcome -> parameters.append(outcome.parameters()), parameters::appendMissing);
        }
        return parameters;
    }

    private static double meanSeconds(Map<Long, Outcome> outcomes) {
        return outcomes.values().stream()
                .filter(outcome -> !outcome.diverged())
                .mapToDouble(Outcome::seconds)
                .average()
                .orElse(Double.NaN);
    }

    private String note(Cell cell) {
        Map<Long, Outcome> outcomes = found.getOrDefault(cell, Map.of());
        List<String> notes = new ArrayList<>();
        if (outcomes.size() < study.seeds().size()) {
            notes.add(outcomes.size() + " of " + study.seeds().size() + " runs are finished");
        }
        List<Long> diverged = outcomes.entrySet().stream()
                .filter(run -> run.getValue().diverged())
                .map(Map.Entry::getKey)
                .toList();
        if (!diverged.isEmpty()) {
            notes.add("diverged with seed "
                    + String.join(", ", diverged.stream().map(String::valueOf).toList()));
        }
        return String.join("; ", notes);
    }

    private String title() {
        return metric + " on " + study.experiment().measured() + ", difference = row minus " + baseline.name();
    }

    /** Returns one row a finished run: each factor's level, seed, the metric, steps, seconds. */
    public Listing runs() {
        return Listing.of(() -> {
            Table table = Table.create("runs");
            study.factors().forEach(factor -> table.addColumns(StringColumn.create(factor.name())));
            LongColumn seeds = LongColumn.create("seed");
            DoubleColumn values = DoubleColumn.create(metric);
            IntColumn steps = IntColumn.create("steps");
            DoubleColumn seconds = DoubleColumn.create("seconds");
            found.forEach((cell, outcomes) -> {
                double[] own = readings.values(cell);
                int next = 0;
                for (Map.Entry<Long, Outcome> run : outcomes.entrySet()) {
                    cell.levels().forEach((factor, level) -> table.stringColumn(factor)
                            .append(level));
                    seeds.append(run.getKey());
                    values.append(run.getValue().diverged() ? Double.NaN : own[next]);
                    next += run.getValue().diverged() ? 0 : 1;
                    steps.append(run.getValue().steps());
                    seconds.append(run.getValue().seconds());
                }
            });
            return table.addColumns(seeds, values, steps, seconds);
        });
    }

    /** Returns a bar a cell, with its interval. */
    @Override
    public Figure chart() {
        List<Interval> means = found.keySet().stream().map(readings::mean).toList();
        return Chart.titled(study.experiment().measured().task().name() + ", "
                        + study.experiment().measured().name())
                .vertical(metric + ", mean of " + study.seeds().size() + " seeds with 95 % interval")
                .bars(
                        metric,
                        cells(),
                        means.stream().mapToDouble(Interval::value).toArray(),
                        means.stream().mapToDouble(Interval::low).toArray(),
                        means.stream().mapToDouble(Interval::high).toArray())
                .note(this + ".")
                .figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line with the mean of each cell. */
    @Override
    public String toString() {
        List<String> means = new ArrayList<>();
        found.keySet()
                .forEach(cell -> means.add(String.format(
                        Locale.ROOT, "%s %.3f", cell.name(), readings.mean(cell).value())));
        return metric + " on " + study.experiment().measured().name() + ": " + String.join(", ", means);
    }
}
