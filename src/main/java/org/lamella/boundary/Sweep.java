// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.Choice;
import org.lamella.base.Interval;
import org.lamella.base.LayerSet;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** How good the model is with its adapter cut at each boundary, 0 to depth. Immutable, plain Java values. */
public final class Sweep implements Result {

    private final LayerSet layers;
    private final List<Integer> computed; // ascending; 0 is the first
    private final List<Evaluation> evaluations; // of those computed
    private final Choice boundary;
    private final Provenance provenance;

    private Sweep(
            LayerSet layers,
            List<Integer> computed,
            List<Evaluation> evaluations,
            Choice boundary,
            Provenance provenance) {
        this.layers = layers;
        this.computed = computed;
        this.evaluations = evaluations;
        this.boundary = boundary;
        this.provenance = provenance;
    }

    static Sweep of(Transformer adapted, Split split, List<Predictions> predictions) {
        LayerSet layers = adapted.overlay().orElseThrow().changed();
        List<Integer> computed = distinct(layers);
        List<Evaluation> evaluations = new ArrayList<>();
        Map<Integer, double[]> losses = new HashMap<>();
        for (int i = 0; i < computed.size(); i++) {
            Predictions answers = predictions.get(i);
            evaluations.add(Evaluation.of(answers).named("boundary " + computed.get(i)));
            losses.put(
                    computed.get(i),
                    IntStream.range(0, answers.size())
                            .mapToDouble(answers::loss)
                            .toArray());
        }
        Split asked = predictions.get(0).split();
        Choice boundary = Rule.choose(losses, layers.depth(), asked.clusters(), asked);
        Provenance provenance = Notes.of("sweep", adapted, split, evaluations.get(0))
                .with("boundary", boundary)
                .warning("the boundary was looked for on " + split.name() + ": report on other examples")
                .finished();
        return new Sweep(layers, computed, List.copyOf(evaluations), boundary, provenance);
    }

    /** Returns the boundaries that keep another set of layers than the one below them. */
    static List<Integer> distinct(LayerSet layers) {
        return IntStream.rangeClosed(0, layers.depth())
                .filter(boundary -> boundary == 0 || layers.contains(boundary - 1))
                .boxed()
                .toList();
    }

    /** Returns the number of layers, which is the largest boundary. */
    public int depth() {
        return layers.depth();
    }

    /**
     * Returns the boundary to keep, with the rule that chose it: of those within one paired standard error of the lowest
     * mean loss the largest; the depth when that one does not beat the whole adapter by a paired 90 % interval.
     */
    public Choice boundary() {
        return boundary;
    }

    /** Returns how good the model is at a boundary; those that keep the same adapted layers share one evaluation. */
    public Evaluation evaluation(int boundaryAt) {
        return evaluations.get(computed.indexOf(computedFor(boundaryAt)));
    }

    /** Returns the boundary, at most this one, that keeps the same adapted layers and was computed. */
    int computedFor(int boundaryAt) {
        if (boundaryAt < 0 || boundaryAt > depth()) {
            throw new IllegalArgumentException("boundary must be 0 to " + depth() + "; got " + boundaryAt);
        }
        return computed.stream().filter(b -> b <= boundaryAt).reduce(0, Math::max);
    }

    /** Returns so many of the computed boundaries that have the lowest loss; of equal ones the larger. */
    List<Integer> lowestLoss(int count) {
        return computed.stream()
                .sorted(Comparator.comparingDouble(
                                (Integer b) -> evaluation(b).loss().value())
                        .thenComparing(Comparator.reverseOrder()))
                .limit(count)
                .toList();
    }

    /** Returns how many layers were run for a boundary beyond what those below it had left; 0 where none had to be. */
    private int passes(int boundaryAt) {
        int own = computed.indexOf(boundaryAt);
        if (own < 0) {
            return 0;
        }
        return own == 0 ? depth() : depth() - computed.get(own - 1);
    }

    /**
     * Returns one row a boundary: boundary, kept (the mask of the adapted layers that stay), same as (the boundary that was
     * computed for this one, where that is another), loss and every metric with low and high, layer passes (how many
     * layers were run for this row, those below it shared).
     */
    @Override
    public Table table() {
        IntColumn at = IntColumn.create("boundary");
        StringColumn kept = StringColumn.create("kept");
        IntColumn same = IntColumn.create("same as");
        IntColumn passes = IntColumn.create("layer passes");
        for (int b = 0; b <= depth(); b++) {
            at.append(b);
            kept.append(layers.below(b).mask());
            if (computedFor(b) == b) {
                same.appendMissing();
            } else {
                same.append(computedFor(b));
            }
            passes.append(passes(b));
        }
        Table table = Table.create("sweep on " + split() + ", boundary " + boundary.value(), at, kept);
        if (same.countMissing() < same.size()) {
            table.addColumns(same);
        }
        for (String metric : lossFirst()) {
            Bands.add(table, metric, each(metric));
        }
        return table.addColumns(passes);
    }

    private Split split() {
        return evaluations.get(0).predictions().split();
    }

    private List<String> lossFirst() {
        List<String> names = new ArrayList<>(List.of("loss"));
        evaluations.get(0).metrics().keySet().stream()
                .filter(name -> !name.equals("loss"))
                .forEach(names::add);
        return names;
    }

    private List<Interval> each(String metric) {
        return IntStream.rangeClosed(0, depth())
                .mapToObj(b -> evaluation(b).value(metric))
                .toList();
    }

    /** Returns loss and metrics against the boundary, with their intervals, and the chosen boundary marked. */
    @Override
    public Figure chart() {
        boolean numbers = split().task().kind() == Task.Kind.REGRESSION;
        Chart chart = Chart.titled("Sweep on " + split().task().name() + ", " + split().name())
                .horizontal("boundary: adapted layers below it are kept")
                .vertical(numbers ? "squared error, correlations" : "loss in nats, metrics as ratios");
        for (String metric : lossFirst()) {
            chart = Bands.draw(chart, metric, each(metric));
        }
        return chart.mark(boundary.value(), "boundary " + boundary.value())
                .note(toString())
                .figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line: the loss at both ends and the chosen boundary. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Loss %.4f with no adapted layer, %.4f with all; boundary %s.",
                evaluation(0).loss().value(),
                evaluation(depth()).loss().value(),
                boundary);
    }
}
