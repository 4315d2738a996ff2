// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lamella.base.LayerSet;

/** Finds the layers of greatest total importance whose cost stays within a budget. */
final class Budget {

    /** With so many candidates every set is tried: at most 65,536 calls of the cost. */
    static final int MOST_FOR_EVERY_SET = 16;

    // sums of the same numbers in another order differ by less than this
    private static final double ROUNDING = 1e-12;

    private final int depth;
    private final double[] importances;
    private final double budget;
    private final ToDoubleFunction<LayerSet> cost;
    private LayerSet best;
    private double bestTotal;

    private Budget(int depth, double[] importances, double budget, ToDoubleFunction<LayerSet> cost) {
        this.depth = depth;
        this.importances = importances;
        this.budget = budget;
        this.cost = cost;
        this.best = LayerSet.none(depth);
    }

    /** Returns the best set of the candidates, which come most important first; empty when not even one layer fits. */
    static LayerSet best(
            List<Integer> candidates, double[] importances, double budget, ToDoubleFunction<LayerSet> cost) {
        Budget search = new Budget(importances.length, importances, budget, cost);
        if (candidates.size() <= MOST_FOR_EVERY_SET) {
            search.everySet(candidates);
        } else {
            search.greedily(candidates);
        }
        return search.best;
    }

    // sets are visited so that those of higher ranked layers come first; an equal one later does not replace them
    private void everySet(List<Integer> candidates) {
        int n = candidates.size();
        for (int bits = (1 << n) - 1; bits > 0; bits--) {
            List<Integer> layers = new ArrayList<>();
            for (int place = 0; place < n; place++) {
                if ((bits >> (n - 1 - place) & 1) == 1) {
                    layers.add(candidates.get(place));
                }
            }
            propose(layers);
        }
    }

    // starts from each single layer in turn and adds what gives most importance as long as it fits
    private void greedily(List<Integer> candidates) {
        for (Integer start : candidates) {
            List<Integer> layers = new ArrayList<>(List.of(start));
            if (!propose(layers)) {
                continue;
            }
            for (Integer next : candidates) {
                if (!layers.contains(next)) {
                    layers.add(next);
                    if (!propose(layers)) {
                        layers.remove(next);
                    }
                }
            }
        }
    }

    private boolean propose(List<Integer> layers) {
        LayerSet set =
                LayerSet.of(depth, layers.stream().mapToInt(Integer::intValue).toArray());
        double total =
                set.indices().stream().mapToDouble(layer -> importances[layer]).sum();
        double price = cost.applyAsDouble(set);
        if (Double.isNaN(price)) {
            throw new IllegalArgumentException("cost must be a number for every set of layers; got NaN for " + set);
        }
        if (price > budget) {
            return false;
        }
        if (best.isEmpty() || total > bestTotal + ROUNDING) {
            best = set;
            bestTotal = total;
        }
        return true;
    }
}
