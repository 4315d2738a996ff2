// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.base.LayerSet;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** How alike criteria of importance are, each with each: Kendall's τ-b of their orders, Jaccard overlap of their halves. */
public final class CriteriaAgreement implements Result {

    private final Map<String, LayerScores> scores;
    private final Provenance provenance;

    CriteriaAgreement(Map<String, LayerScores> scores, Provenance provenance) {
        this.scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
        this.provenance = provenance.recipe(provenance.recipe() + "\nvar agreement = criteria.agreement();");
    }

    /**
     * Returns one row a pair of criteria: their names, Kendall's τ-b over the layers that both define, and the Jaccard
     * overlap of their most important halves with what two choices by chance would have.
     */
    @Override
    public Table table() {
        StringColumn first = StringColumn.create("first");
        StringColumn second = StringColumn.create("second");
        DoubleColumn kendall = DoubleColumn.create("kendall");
        DoubleColumn jaccard = DoubleColumn.create("jaccard");
        DoubleColumn chance = DoubleColumn.create("jaccard by chance");
        List<String> names = new ArrayList<>(scores.keySet());
        List<LayerScores> all = new ArrayList<>(scores.values());
        for (int a = 0; a < all.size(); a++) {
            for (int b = a + 1; b < all.size(); b++) {
                LayerSet one = all.get(a).chosenHalf();
                LayerSet other = all.get(b).chosenHalf();
                first.append(names.get(a));
                second.append(names.get(b));
                kendall.append(
                        Alike.kendall(all.get(a).importances(), all.get(b).importances()));
                jaccard.append(Alike.jaccard(one, other));
                chance.append(Alike.jaccardByChance(all.get(a), all.get(b)));
            }
        }
        return Table.create("agreement of criteria", first, second, kendall, jaccard, chance);
    }

    /** Returns a heat map of Kendall's τ-b, −1 to 1. */
    @Override
    public Figure chart() {
        List<String> names = List.copyOf(scores.keySet());
        List<LayerScores> all = List.copyOf(scores.values());
        double[] values = new double[all.size() * all.size()];
        for (int a = 0; a < all.size(); a++) {
            for (int b = 0; b < all.size(); b++) {
                values[a * all.size() + b] =
                        Alike.kendall(all.get(a).importances(), all.get(b).importances());
            }
        }
        return Chart.titled("How alike the orders of layers are (Kendall's tau)")
                .heatMap(names, names, Matrix.of(all.size(), all.size(), values), -1, 1)
                .note("A heat map of Kendall's tau of " + names.size()
                        + " criteria, each with each; 1 for the same order of layers, 0 for chance.")
                .figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    @Override
    public String toString() {
        return "agreement of " + scores.size() + " criteria";
    }
}
