// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.Importance;
import org.lamella.base.LayerSet;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.Sample;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * How important each layer of a model is by one measure, and the sets of layers that follow from it.
 *
 * <p>Layers are ranked by importance; of two that are equally important the one with the lower index comes first, and
 * the column {@code note} says so. Every set returned remembers on which sample it was picked. Plain Java values.
 */
public final class LayerScores implements Result {

    // so that 0.29 of 100 layers are 29, not 28.999999999999996
    private static final double ROUNDING = 1e-9;

    private final String measure;
    private final List<LayerScore> layers;
    private final Candidates candidates;
    private final double[][] replicates;
    private final Optional<StateSimilarity> matrix;
    private final Sample sample;
    private final Provenance provenance;
    private final Ranking ranking;

    LayerScores(
            String measure,
            List<LayerScore> layers,
            Candidates candidates,
            double[][] replicates,
            Optional<StateSimilarity> matrix,
            Sample sample,
            Provenance provenance) {
        this.measure = measure;
        this.layers = List.copyOf(layers);
        this.candidates = candidates;
        this.replicates = replicates;
        this.matrix = matrix;
        this.sample = sample;
        this.provenance = provenance;
        this.ranking = Ranking.of(importances(), candidates);
    }

    /** Returns the score of every layer, layer 0 first. */
    public List<LayerScore> layers() {
        return layers;
    }

    /** Returns how many layers the model has. */
    public int depth() {
        return layers.size();
    }

    /** Returns what was measured of each layer, layer 0 first, not a number where it is undefined. */
    public double[] values() {
        return layers.stream()
                .mapToDouble(score -> score instanceof LayerScore.Defined d ? d.value() : Double.NaN)
                .toArray();
    }

    /** Returns what layers are ranked by, layer 0 first, not a number where it is undefined. */
    public double[] importances() {
        return layers.stream()
                .mapToDouble(score -> score instanceof LayerScore.Defined d ? d.importance() : Double.NaN)
                .toArray();
    }

    /** Returns the n most important layers. */
    public LayerSet top(int n) {
        requireCandidates(n);
        return pick(ranking.top(n));
    }

    private void requireCandidates(int n) {
        if (n < 1 || n > ranking.candidates().size()) {
            throw new IllegalArgumentException(
                    "number of layers must be 1 to " + ranking.candidates().size() + candidatesClause() + "; got " + n);
        }
    }

    /**
     * Returns the most important share of the layers: {@code floor(share · depth)} of them.
     *
     * @param share more than 0, at most 1
     */
    public LayerSet topShare(double share) {
        int n = count(share);
        if (n > ranking.candidates().size() && candidates == Candidates.DEFINED_LAYERS) {
            throw new IllegalArgumentException("share must leave at most "
                    + ranking.candidates().size() + " layers to choose" + candidatesClause() + "; got " + share
                    + ", which is " + n + " of " + depth());
        }
        return pick(ranking.top(n));
    }

    /**
     * Returns importance against cost for sets of n layers: those that no other set beats, and a choice among them.
     *
     * <p>With up to 20,000 sets every one is tried. With more, sets grow upwards from each lowest layer and beaten ones are
     * dropped on the way, which asks for the cost of smaller sets too and is exact when the cost is a sum over layers plus
     * something that depends on the lowest layer, as that of training is; for another cost a set of the front may be missed.
     *
     * @param n how many layers a set has, 1 to the number of candidates
     * @param cost what training or keeping a set of layers costs, for instance seconds or bytes
     */
    public Front top(int n, ToDoubleFunction<LayerSet> cost) {
        requireCandidates(n);
        return Front.of(FrontSearch.of(ranking.candidates(), importances(), n, cost), this::noted, provenance, n);
    }

    /**
     * Returns the layers of greatest total importance that cost at most the budget, however many; {@code within(3,
     * LayerSet::size)} is {@code top(3)}.
     *
     * <p>With up to 16 candidates every set is tried, which calls the cost up to 65,536 times; with more, layers are added
     * from each start in the order of their importance as long as they fit, which need not find the very best.
     *
     * @param budget the highest cost allowed, in the unit of the cost
     * @param cost what training or keeping a set of layers costs, for instance seconds or parameters
     */
    public LayerSet within(double budget, ToDoubleFunction<LayerSet> cost) {
        LayerSet best = Budget.best(ranking.candidates(), importances(), budget, cost);
        if (best.isEmpty()) {
            throw new IllegalArgumentException(
                    "budget must be at least " + cheapest(cost) + ", the cost of the cheapest layer; got " + budget);
        }
        return noted(best);
    }

    private double cheapest(ToDoubleFunction<LayerSet> cost) {
        return ranking.candidates().stream()
                .mapToDouble(layer -> cost.applyAsDouble(LayerSet.of(depth(), layer)))
                .min()
                .orElse(Double.NaN);
    }

    /**
     * Returns how often each layer is among the given share of the layers when the examples are drawn again.
     *
     * @param share more than 0, at most 1
     */
    public Membership membership(double share) {
        return Membership.of(replicates, depth(), count(share), candidates);
    }

    /**
     * Returns the similarity of every state with every state.
     *
     * @throws IllegalStateException if these are not CKA scores
     */
    public StateSimilarity matrix() {
        return matrix.orElseThrow(
                () -> new IllegalStateException("matrix must be asked of CKA scores; got " + measure + " scores"));
    }

    private int count(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be more than 0 and at most 1; got " + share);
        }
        int n = (int) Math.floor(share * depth() + ROUNDING);
        if (n == 0) {
            throw new IllegalArgumentException(
                    "share must be at least 1/" + depth() + ", one layer of " + depth() + "; got " + share);
        }
        return n;
    }

    private String candidatesClause() {
        int without = depth() - ranking.candidates().size();
        if (without == 0) {
            return "";
        }
        String which = IntStream.range(0, depth())
                .filter(layer -> !ranking.candidates().contains(layer))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", "));
        return without == 1 ? " (layer " + which + " is no candidate)" : " (layers " + which + " are no candidates)";
    }

    private LayerSet pick(List<Integer> chosen) {
        return noted(
                LayerSet.of(depth(), chosen.stream().mapToInt(Integer::intValue).toArray()));
    }

    // whoever reports on the sample, or saves an adapter on these layers, can say where they come from
    private LayerSet noted(LayerSet chosen) {
        List<Double> values = Arrays.stream(importances()).boxed().toList();
        return chosen.pickedOn(sample).pickedBy(new Importance(measure, sample.name(), values));
    }

    /**
     * Returns one row a layer: layer, the measure with the ends of its interval, importance, chosen and note. Chosen is the
     * share of resamples in which the layer is among the most important half.
     */
    @Override
    public Table table() {
        IntColumn layer = IntColumn.create("layer");
        DoubleColumn value = DoubleColumn.create(measure);
        DoubleColumn low = DoubleColumn.create("low");
        DoubleColumn high = DoubleColumn.create("high");
        DoubleColumn importance = DoubleColumn.create("importance");
        DoubleColumn chosen = DoubleColumn.create("chosen");
        StringColumn note = StringColumn.create("note");
        Membership half = Membership.of(replicates, depth(), half(), candidates);
        for (LayerScore score : layers) {
            Optional<LayerScore.Defined> defined =
                    score instanceof LayerScore.Defined d ? Optional.of(d) : Optional.empty();
            layer.append(score.layer());
            value.append(defined.map(LayerScore.Defined::value).orElse(Double.NaN));
            low.append(defined.map(LayerScore.Defined::low).orElse(Double.NaN));
            high.append(defined.map(LayerScore.Defined::high).orElse(Double.NaN));
            importance.append(defined.map(LayerScore.Defined::importance).orElse(Double.NaN));
            chosen.append(defined.isPresent() ? half.of(score.layer()) : Double.NaN);
            note.append(note(score));
        }
        return Table.create(measure + " of each layer", layer, value, low, high, importance, chosen, note);
    }

    /** Returns how many layers are half of them, at least one. */
    int half() {
        return Math.max(1, depth() / 2);
    }

    /** Returns the most important half, or all candidates when they are fewer. */
    LayerSet chosenHalf() {
        return pick(ranking.top(half()));
    }

    /** Returns the place of each layer among the candidates, 1 for the most important; not a number without one. */
    double[] ranks() {
        return IntStream.range(0, depth())
                .mapToDouble(layer -> ranking.candidates().indexOf(layer) + 1)
                .map(rank -> rank == 0 ? Double.NaN : rank)
                .toArray();
    }

    private String note(LayerScore score) {
        LinkedHashSet<String> notes = new LinkedHashSet<>();
        if (!score.note().isEmpty()) {
            notes.add(score.note());
        }
        if (score instanceof LayerScore.Defined d) {
            if (!ranking.candidates().contains(d.layer())) {
                notes.add("never chosen: the lowest CKA");
            }
            tie(d).ifPresent(notes::add);
        }
        return String.join("; ", notes);
    }

    private Optional<String> tie(LayerScore.Defined score) {
        List<String> equal = new ArrayList<>();
        for (LayerScore other : layers) {
            if (other instanceof LayerScore.Defined d
                    && d.layer() != score.layer()
                    && d.importance() == score.importance()) {
                equal.add(String.valueOf(d.layer()));
            }
        }
        return equal.isEmpty()
                ? Optional.empty()
                : Optional.of("as important as layer " + String.join(", ", equal) + ": the lower index comes first");
    }

    /** Returns bars of importance with their intervals, the most important half in another colour, gaps where undefined. */
    @Override
    public Figure chart() {
        return ScorePicture.of(measure, sample.name(), layers, ranking.top(half()));
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line, for instance {@code cka of 6 layers on train.sample(256, 0), most important 5, 4, 1}. */
    @Override
    public String toString() {
        return measure + " of " + depth() + " layers on " + sample.name() + ", most important "
                + ranking.top(half()).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
