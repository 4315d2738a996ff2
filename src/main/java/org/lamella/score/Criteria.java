// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Matrix;
import org.lamella.base.Names;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * Several criteria of importance side by side, on one footing: the rank of a layer, 1 for the most important, and whether
 * it is in the most important half. Made by {@link Selection#compare}.
 */
public final class Criteria implements Result {

    static final String RANDOM = "random";

    private final Map<String, LayerScores> scores;
    private final Map<String, String> leftOut;
    private final Provenance provenance;

    Criteria(Map<String, LayerScores> scores, Map<String, String> leftOut, Provenance provenance) {
        this.scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
        this.leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
        this.provenance = provenance;
    }

    /** Returns the names of the criteria in the order of the table, for instance {@code cka debiased cls}. */
    public List<String> names() {
        return List.copyOf(scores.keySet());
    }

    /** Returns the criteria that could not be measured, each with the reason. */
    public Map<String, String> leftOut() {
        return leftOut;
    }

    /** Returns the scores by a criterion. */
    public LayerScores scores(String name) {
        LayerScores found = scores.get(name);
        if (found == null) {
            throw new IllegalArgumentException("name must be one of " + names() + "; got \"" + name + "\""
                    + Names.didYouMean(name, scores.keySet()));
        }
        return found;
    }

    /** Returns the most important half of the layers by a criterion, or all its candidates when they are fewer. */
    public LayerSet chosen(String name) {
        return scores(name).chosenHalf();
    }

    /** Returns how alike the criteria are, each with each. */
    public CriteriaAgreement agreement() {
        return new CriteriaAgreement(scores, provenance);
    }

    private int depth() {
        return scores.values().iterator().next().depth();
    }

    /**
     * Returns one row a layer: its importance by each criterion, missing where undefined; how many of the criteria, the
     * random control left out, have it in their most important half; and why it is undefined. Importances of different
     * criteria have different units: compare {@link #ranks()}.
     */
    @Override
    public Table table() {
        Table table = Table.create("importance of each layer by each criterion" + leftOutClause(), layerColumn());
        scores.forEach((name, some) -> table.addColumns(DoubleColumn.create(name, some.importances())));
        List<LayerSet> halves = scores.keySet().stream()
                .filter(name -> !name.equals(RANDOM))
                .map(this::chosen)
                .toList();
        return table.addColumns(
                IntColumn.create("chosen by", IntStream.range(0, depth()).map(layer -> (int)
                        halves.stream().filter(half -> half.contains(layer)).count())),
                StringColumn.create("note", IntStream.range(0, depth()).mapToObj(this::note)));
    }

    private IntColumn layerColumn() {
        return IntColumn.create("layer", IntStream.range(0, depth()).toArray());
    }

    private String leftOutClause() {
        return leftOut.isEmpty() ? "" : "; left out: " + String.join(", ", leftOut.keySet());
    }

    private String note(int layer) {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        scores.forEach((name, some) -> {
            if (some.layers().get(layer) instanceof LayerScore.Undefined undefined) {
                reasons.computeIfAbsent(undefined.note(), n -> new ArrayList<>())
                        .add(name);
            }
        });
        return String.join(
                "; ",
                reasons.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
                        .toList());
    }

    /** Returns one row a layer: its rank by each criterion, 1 for the most important, missing where undefined. */
    public Listing ranks() {
        return Listing.of(() -> {
            Table table = Table.create("rank of each layer by each criterion" + leftOutClause(), layerColumn());
            scores.forEach((name, some) -> table.addColumns(DoubleColumn.create(name, some.ranks())));
            return table;
        });
    }

    /** Returns a heat map of ranks, a row a criterion and a column a layer, the most important darkest. */
    @Override
    public Figure chart() {
        List<String> layers =
                IntStream.range(0, depth()).mapToObj(String::valueOf).toList();
        double[] ranks = scores.values().stream()
                .flatMapToDouble(some -> Arrays.stream(some.ranks()))
                .toArray();
        int half = Math.max(1, depth() / 2);
        return Chart.titled("Rank of each layer by each criterion; 1 to " + half + " are the chosen half")
                .horizontal("layer")
                .heatMap(names(), layers, Matrix.of(scores.size(), depth(), ranks), 1, Math.max(2, depth()))
                .note("A heat map of the rank of " + depth() + " layers by " + scores.size()
                        + " criteria, 1 for the most important; empty where a layer is undefined." + leftOutSentence())
                .figure();
    }

    private String leftOutSentence() {
        return leftOut.isEmpty() ? "" : " Left out: " + String.join(", ", leftOut.keySet()) + ".";
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    @Override
    public String toString() {
        return scores.size() + " criteria on " + depth() + " layers" + leftOutClause();
    }
}
