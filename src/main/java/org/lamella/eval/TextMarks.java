// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.Bootstrap;
import org.lamella.base.Interval;
import org.lamella.base.Listing;
import org.lamella.base.Names;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.model.Continuation;
import org.lamella.model.Continuations;
import org.lamella.model.Generation;
import org.lamella.model.Transformer;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * How near the texts that a model wrote are to the known ones, by one or more metrics, each with its 95 % interval of 2,000
 * resamples of the prompts; every text is kept to look at. Marks of the same prompts see the same resamples, so that
 * differences are paired. Immutable, plain Java values.
 */
public final class TextMarks implements Result {

    private final String name;
    private final List<String> prompts;
    private final List<String> written;
    private final List<List<String>> known;
    private final List<TextMetric> metrics;
    private final Map<String, List<double[]>> counts;
    private final Map<String, Interval> intervals;
    private final int unended;
    private final String cut;
    private final Provenance provenance;

    private TextMarks(
            String name,
            List<String> prompts,
            List<String> written,
            List<List<String>> known,
            List<TextMetric> metrics,
            int unended,
            String cut,
            Provenance provenance) {
        this.name = name;
        this.prompts = List.copyOf(prompts);
        this.written = List.copyOf(written);
        this.known = known.stream().map(List::copyOf).toList();
        this.metrics = List.copyOf(metrics);
        this.unended = unended;
        this.cut = cut;
        this.provenance = provenance;
        counts = new LinkedHashMap<>();
        intervals = new LinkedHashMap<>();
        for (TextMetric metric : this.metrics) {
            List<double[]> each = IntStream.range(0, written.size())
                    .mapToObj(i -> metric.counts(written.get(i), known.get(i)))
                    .toList();
            counts.put(metric.name(), each);
            intervals.put(
                    metric.name(),
                    Scores.BOOTSTRAP.interval(
                            each.size(),
                            drawn -> metric.score(
                                    Arrays.stream(drawn).mapToObj(each::get).toList())));
        }
    }

    /**
     * Returns the marks of texts that somebody wrote.
     *
     * @param prompts what the texts are of; as many as there are texts
     * @param known the texts that each could have been, at least one of each
     * @param metrics at least one
     */
    public static TextMarks of(
            List<String> prompts, List<String> written, List<List<String>> known, TextMetric... metrics) {
        TextMetric.requireAsMany(written, known);
        if (prompts.size() != written.size()) {
            throw new IllegalArgumentException(
                    "prompts must be as many as the written texts, " + written.size() + "; got " + prompts.size());
        }
        return new TextMarks(
                "texts",
                prompts,
                written,
                known,
                requireSome(metrics),
                0,
                "",
                Provenance.of("TextMarks.of(prompts, written, known, metrics)").finished());
    }

    private static List<TextMetric> requireSome(TextMetric... metrics) {
        if (metrics.length == 0) {
            throw new IllegalArgumentException("metrics must be at least one of "
                    + TextMetric.all().stream().map(TextMetric::name).collect(Collectors.joining(", ")) + "; got none");
        }
        return List.of(metrics);
    }

    /**
     * Returns how near a model's texts are to a split's answers. It writes once for each prompt; prompts that occur several
     * times have several known texts. Asked to stop, it keeps the prompts done so far and says so.
     *
     * @param model a model that writes, with or without an adapter
     * @param split prompts, each with its answer
     * @param generation how words are chosen, and how many at the most
     * @param metrics at least one
     */
    public static TextMarks measure(Transformer model, Split split, Generation generation, TextMetric... metrics) {
        List<TextMetric> chosen = requireSome(metrics);
        Map<String, List<String>> known = known(split);
        List<Continuation> written = written(model, known, generation);
        if (written.isEmpty()) {
            throw new IllegalStateException("writing was stopped before one text had come to its end");
        }
        return of(model, split, generation, chosen, known, written);
    }

    /** Returns what {@link #measure} does; nothing when somebody stopped it before every prompt had its text. */
    public static Optional<TextMarks> measureAll(
            Transformer model, Split split, Generation generation, TextMetric... metrics) {
        List<TextMetric> chosen = requireSome(metrics);
        Map<String, List<String>> known = known(split);
        List<Continuation> written = written(model, known, generation);
        return written.size() < known.size()
                ? Optional.empty()
                : Optional.of(of(model, split, generation, chosen, known, written));
    }

    private static Map<String, List<String>> known(Split split) {
        Map<String, List<String>> known = new LinkedHashMap<>();
        for (Example example : split.examples()) {
            String prompt = example.texts().get(0);
            known.computeIfAbsent(prompt, fresh -> new ArrayList<>())
                    .add(example.answer()
                            .orElseThrow(() -> new IllegalArgumentException("split must have an answer to each prompt;"
                                    + " got " + split + ", where \"" + Names.shortened(prompt) + "\" has none")));
        }
        return known;
    }

    private static List<Continuation> written(
            Transformer model, Map<String, List<String>> known, Generation generation) {
        return model.generate(List.copyOf(known.keySet()), generation).all().stream()
                .filter(one -> one.end() != Continuation.End.STOPPED)
                .toList();
    }

    private static TextMarks of(
            Transformer model,
            Split split,
            Generation generation,
            List<TextMetric> metrics,
            Map<String, List<String>> known,
            List<Continuation> written) {
        String names = metrics.stream().map(TextMetric::recipe).collect(Collectors.joining(", "));
        Provenance facts = Evaluation.honest(
                model.provenance(
                        split,
                        "var model = " + model.recipe() + ";\nvar marks = TextMarks.measure(model, " + split.recipe()
                                + ", " + generation + ", " + names + ");"),
                model,
                split);
        if (written.size() < known.size()) {
            facts = facts.warning("stopped after " + written.size() + " of " + known.size() + " prompts");
        }
        Continuations all = new Continuations(written, List.of(), 0);
        String cut = all.unendedBecause().orElse("");
        if (!cut.isEmpty()) {
            facts = facts.warning(cut);
        }
        return new TextMarks(
                model.overlay().map(over -> "layers " + over.layers().mask()).orElse(model.name()),
                written.stream().map(Continuation::prompt).toList(),
                written.stream().map(Continuation::text).toList(),
                written.stream()
                        .map(one -> known.getOrDefault(one.prompt(), List.of()))
                        .toList(),
                metrics,
                all.unended(),
                cut,
                facts.with("prompts", written.size()).finished());
    }

    /** Returns these marks under another name, by which tables call them. */
    public TextMarks named(String other) {
        return new TextMarks(other, prompts, written, known, metrics, unended, cut, provenance);
    }

    /** Returns the name by which tables call them. */
    public String name() {
        return name;
    }

    /** Returns how many prompts there are. */
    public int size() {
        return written.size();
    }

    /** Returns how many texts reached the limit of tokens before they came to an end. */
    public int unended() {
        return unended;
    }

    /** Returns each metric with its 95 % interval. */
    public Map<String, Interval> metrics() {
        return Collections.unmodifiableMap(intervals);
    }

    /** Returns a metric by its name. */
    public Interval value(String metric) {
        return intervals.getOrDefault(find(metric).name(), Interval.exactly(Double.NaN));
    }

    private TextMetric find(String metric) {
        List<String> names = metrics.stream().map(TextMetric::name).toList();
        return metrics.stream()
                .filter(each -> each.name().equals(metric))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("metric must be one of " + String.join(", ", names)
                        + "; got \"" + metric + "\"" + Names.didYouMean(metric, names)));
    }

    /** Returns by how much more these reach than others of the same prompts, paired, at the 95 % level. */
    public Interval minus(TextMarks other, String metric) {
        return minus(other, metric, Scores.BOOTSTRAP);
    }

    /** Returns the same by another bootstrap. */
    public Interval minus(TextMarks other, String metric, Bootstrap bootstrap) {
        if (!prompts.equals(other.prompts)) {
            throw new IllegalArgumentException("marks must be of the same prompts as \"" + name + "\"; got \""
                    + other.name + "\" of " + other.size() + " prompts");
        }
        TextMetric judged = find(metric);
        other.find(metric);
        List<double[]> own = counts.getOrDefault(metric, List.of());
        List<double[]> others = other.counts.getOrDefault(metric, List.of());
        return bootstrap.interval(
                size(),
                drawn -> judged.score(Arrays.stream(drawn).mapToObj(own::get).toList())
                        - judged.score(
                                Arrays.stream(drawn).mapToObj(others::get).toList()));
    }

    /**
     * Returns these beside others of the same prompts: name, metric, value, low, high, and the paired difference from these
     * with its ends, missing in the first row of each metric.
     */
    public Listing against(TextMarks... others) {
        List<TextMarks> all = new ArrayList<>(List.of(this));
        all.addAll(Arrays.asList(others));
        return Listing.of(() -> beside(all));
    }

    private Table beside(List<TextMarks> all) {
        StringColumn names = StringColumn.create("name");
        StringColumn metric = StringColumn.create("metric");
        List<DoubleColumn> numbers = List.of(
                DoubleColumn.create("value"),
                DoubleColumn.create("low"),
                DoubleColumn.create("high"),
                DoubleColumn.create("difference"),
                DoubleColumn.create("difference low"),
                DoubleColumn.create("difference high"));
        for (TextMetric each : metrics) {
            for (TextMarks marks : all) {
                names.append(marks.name);
                metric.append(each.name());
                Interval value = marks.value(each.name());
                Interval difference = marks == this ? Interval.exactly(Double.NaN) : marks.minus(this, each.name());
                double[] row = {
                    value.value(), value.low(), value.high(), difference.value(), difference.low(), difference.high()
                };
                for (int i = 0; i < row.length; i++) {
                    numbers.get(i).append(row[i]);
                }
            }
        }
        return Table.create(
                        provenance.titled("texts of " + size() + " prompts, difference = row minus " + name),
                        names,
                        metric)
                .addColumns(numbers.toArray(DoubleColumn[]::new));
    }

    /** Returns one row a metric: metric, value, low, high. */
    @Override
    public Table table() {
        return Table.create(
                provenance.titled(name + ", " + size() + " prompts"),
                StringColumn.create("metric", List.copyOf(intervals.keySet())),
                DoubleColumn.create(
                        "value",
                        intervals.values().stream().mapToDouble(Interval::value).toArray()),
                DoubleColumn.create(
                        "low",
                        intervals.values().stream().mapToDouble(Interval::low).toArray()),
                DoubleColumn.create(
                        "high",
                        intervals.values().stream().mapToDouble(Interval::high).toArray()));
    }

    /** Returns one row a prompt: prompt, written, known (the first), known texts (how many), and each metric of it alone. */
    public Listing texts() {
        return Listing.of(this::everyText);
    }

    private Table everyText() {
        Table table = Table.create(
                "texts of " + name,
                StringColumn.create("prompt", prompts),
                StringColumn.create("written", written),
                StringColumn.create(
                        "known", known.stream().map(texts -> texts.get(0)).toList()),
                IntColumn.create(
                        "known texts", known.stream().mapToInt(List::size).toArray()));
        for (TextMetric metric : metrics) {
            table.addColumns(DoubleColumn.create(
                    metric.name(),
                    counts.getOrDefault(metric.name(), List.of()).stream()
                            .mapToDouble(each -> metric.score(List.of(each)))
                            .toArray()));
        }
        return table;
    }

    /** Returns a bar with its interval for each metric. */
    @Override
    public Figure chart() {
        List<Interval> all = List.copyOf(intervals.values());
        return Chart.titled(provenance.titled("Texts of " + name))
                .horizontal("metric")
                .vertical("BLEU and chrF to 100, others to 1")
                .bars(
                        name,
                        List.copyOf(intervals.keySet()),
                        all.stream().mapToDouble(Interval::value).toArray(),
                        all.stream().mapToDouble(Interval::low).toArray(),
                        all.stream().mapToDouble(Interval::high).toArray())
                .note(toString())
                .figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line with each metric, and how many texts were cut. */
    @Override
    public String toString() {
        return name + ", " + size() + " prompts: "
                + intervals.entrySet().stream()
                        .map(metric -> String.format(Locale.ROOT, "%s %s", metric.getKey(), metric.getValue()))
                        .collect(Collectors.joining(", "))
                + "." + (cut.isEmpty() ? "" : " " + cut + ".");
    }
}
