// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.LinkedHashMap;
import java.util.Map;
import org.lamella.base.LayerSet;
import org.lamella.score.LayerScores;

/**
 * What the paper compares its choice of layers with, as factors of a study over one and the same recipe; the first level of
 * each is what the others are compared with.
 */
public final class Ablations {

    private final LayerSet own;
    private final String name;

    private Ablations(LayerSet own, String name) {
        this.own = own;
        this.name = name;
    }

    static Ablations of(LayerSet layers, boolean published) {
        return new Ablations(layers, published ? "published" : "chosen");
    }

    /**
     * Returns the protocol's own layers, then as many of each positional heuristic, then all. The paper only draws the
     * heuristics: first, last and middle are runs of layers, extremes half from each end, alternate every other layer from
     * the lowest on.
     */
    public Factor heuristics() {
        LayerSet all = LayerSet.all(own.depth());
        int n = own.size();
        Map<String, LayerSet> sets = new LinkedHashMap<>();
        sets.put(name, own);
        sets.put("first", all.first(n));
        sets.put("last", all.last(n));
        sets.put("middle", all.middle(n));
        sets.put("extremes", all.extremes(n));
        sets.put("alternate", all.alternate(n));
        sets.put("all", all);
        return Factor.layers(sets);
    }

    /** Returns the rows of the paper's Table 1: the protocol's own layers, as many by Fisher information, all. */
    public Factor baselines(LayerScores fisher) {
        Map<String, LayerSet> sets = new LinkedHashMap<>();
        sets.put(name, own);
        sets.put("Fisher", fisher.top(own.size()));
        sets.put("all", LayerSet.all(own.depth()));
        return Factor.layers(sets);
    }

    /** Returns the rows of the paper's Table 4, whose masks are not published: the 1, 3, 6 and 9 most important layers. */
    public Factor counts(LayerScores scores) {
        return counts(scores, 1, 3, 6, 9);
    }

    /** Returns the so many most important layers, for each of the numbers. */
    public Factor counts(LayerScores scores, int... numbers) {
        Map<String, LayerSet> sets = new LinkedHashMap<>();
        for (int n : numbers) {
            sets.put(n == 1 ? "1 layer" : n + " layers", scores.top(n));
        }
        return Factor.layers(sets);
    }

    /** Returns the rows of the paper's Table 5: rank 8, and 16 at the same scale. */
    public Factor ranks() {
        return Factor.ranks(8, 16);
    }
}
