// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The candidates among some layers, most important first; of equal ones the lower index first. */
record Ranking(List<Integer> candidates) {

    Ranking {
        candidates = List.copyOf(candidates);
    }

    /**
     * Ranks layers.
     *
     * @param importances one number a layer, not a number where it is undefined
     * @param candidates which of the defined layers are candidates
     */
    static Ranking of(double[] importances, Candidates candidates) {
        List<Integer> sorted = IntStream.range(0, importances.length)
                .filter(layer -> !Double.isNaN(importances[layer]))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer layer) -> -importances[layer])) // stable
                .toList();
        boolean drop = candidates == Candidates.DROP_LOWEST && !sorted.isEmpty();
        return new Ranking(drop ? sorted.subList(1, sorted.size()) : sorted);
    }

    /** Returns the n most important candidates, or all of them when they are fewer. */
    List<Integer> top(int n) {
        return candidates.subList(0, Math.min(n, candidates.size()));
    }
}
