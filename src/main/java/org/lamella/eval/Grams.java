// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each run of n tokens occurs in a text. */
record Grams(Map<List<String>, Integer> counts) {

    static Grams of(List<String> tokens, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            counts.merge(tokens.subList(i, i + n), 1, Integer::sum);
        }
        return new Grams(counts);
    }

    /** Returns the larger count of each of both. */
    Grams or(Grams other) {
        Map<List<String>, Integer> most = new HashMap<>(counts);
        other.counts.forEach((gram, count) -> most.merge(gram, count, Math::max));
        return new Grams(most);
    }

    /** Returns how many occur in both, each as often as in the one that has fewer. */
    int common(Grams other) {
        return counts.entrySet().stream()
                .mapToInt(gram -> Math.min(gram.getValue(), other.counts.getOrDefault(gram.getKey(), 0)))
                .sum();
    }

    int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
