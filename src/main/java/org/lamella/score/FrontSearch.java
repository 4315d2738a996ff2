// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;

/**
 * Finds the sets of n layers that no other set beats in both importance and cost.
 *
 * <p>When there are few sets all are tried. Otherwise sets grow upwards from each lowest layer in turn, and of those with
 * the same lowest layer and the same number of layers only those stay that no other beats so far. What is left out can
 * never come back to the front if each further layer adds the same cost to both: exact for a cost that is a sum over
 * layers plus something that depends on the lowest layer.
 */
final class FrontSearch {

    /** Up to so many sets all of them are tried. */
    static final int MOST_FOR_EVERY_SET = 20_000;

    /** At most so many unbeaten sets grow side by side. */
    static final int MOST_BESIDE = 256;

    // sums of the same numbers in another order differ by less than this share
    private static final double ROUNDING = 1e-12;

    /** A set with its sums. */
    record Found(LayerSet layers, double importance, double cost) {

        int lowest() {
            return layers.indices().get(0);
        }
    }

    private final List<Integer> candidates;
    private final double[] importances;
    private final int n;
    private final ToDoubleFunction<LayerSet> cost;
    private final List<Found> found = new ArrayList<>();
    private final boolean everySet;
    private boolean exact = true;

    private FrontSearch(List<Integer> candidates, double[] importances, int n, ToDoubleFunction<LayerSet> cost) {
        this.candidates = candidates;
        this.importances = importances;
        this.n = n;
        this.cost = cost;
        this.everySet = sets(candidates.size(), n) <= MOST_FOR_EVERY_SET;
    }

    /**
     * Searches among the candidates.
     *
     * @param importances one number a layer
     * @param n how many layers a set has, at most the number of candidates
     */
    static FrontSearch of(List<Integer> candidates, double[] importances, int n, ToDoubleFunction<LayerSet> cost) {
        List<Integer> ascending = candidates.stream().sorted().toList();
        FrontSearch search = new FrontSearch(ascending, importances, n, cost);
        for (int place = 0; place + n <= ascending.size(); place++) {
            search.from(place);
        }
        return search;
    }

    /** Returns how many sets of n there are, or more than any limit here. */
    private static double sets(int candidates, int n) {
        double sets = 1;
        for (int i = 1; i <= n; i++) {
            sets *= (double) (candidates - n + i) / i;
        }
        return sets;
    }

    /** Returns whether every set was tried, so that the front is right whatever the cost is. */
    boolean everySet() {
        return everySet;
    }

    /** Returns whether no unbeaten set had to be left out for want of room. */
    boolean exact() {
        return exact;
    }

    /** Returns the unbeaten sets, cheapest first. */
    List<Found> front() {
        return unbeaten(found);
    }

    /** Returns for each lowest layer the most important set above it, of equal ones the cheapest. */
    List<Found> bestFromEachLowest() {
        return candidates.stream()
                .flatMap(lowest -> found.stream()
                        .filter(set -> set.lowest() == lowest)
                        .max(Comparator.comparingDouble(Found::importance)
                                .thenComparing(
                                        Comparator.comparingDouble(Found::cost).reversed()))
                        .stream())
                .toList();
    }

    private void from(int place) {
        List<List<Found>> bySize = new ArrayList<>();
        IntStream.rangeClosed(0, n).forEach(size -> bySize.add(new ArrayList<>()));
        bySize.get(1).add(priced(LayerSet.of(importances.length, candidates.get(place))));
        for (int next = place + 1; next < candidates.size(); next++) {
            int left = candidates.size() - next;
            for (int size = Math.min(n - 1, next - place); size >= Math.max(1, n - left); size--) {
                grow(bySize.get(size), candidates.get(next), bySize.get(size + 1));
            }
        }
        found.addAll(bySize.get(n));
    }

    private void grow(List<Found> smaller, int layer, List<Found> larger) {
        for (Found set : smaller) {
            List<Integer> layers = new ArrayList<>(set.layers().indices());
            layers.add(layer);
            larger.add(priced(LayerSet.of(
                    importances.length,
                    layers.stream().mapToInt(Integer::intValue).toArray())));
        }
        if (!everySet) {
            List<Found> kept = unbeaten(larger);
            larger.clear();
            larger.addAll(thinned(kept));
        }
    }

    private List<Found> thinned(List<Found> sets) {
        if (sets.size() <= MOST_BESIDE) {
            return sets;
        }
        exact = false;
        return IntStream.range(0, MOST_BESIDE)
                .mapToObj(i -> sets.get((int) ((long) i * (sets.size() - 1) / (MOST_BESIDE - 1))))
                .toList();
    }

    private Found priced(LayerSet set) {
        double price = cost.applyAsDouble(set);
        if (Double.isNaN(price)) {
            throw new IllegalArgumentException("cost must be a number for every set of layers; got NaN for " + set);
        }
        double importance =
                set.indices().stream().mapToDouble(layer -> importances[layer]).sum();
        return new Found(set, importance, price);
    }

    private static List<Found> unbeaten(List<Found> sets) {
        List<Found> sorted = sets.stream()
                .sorted(Comparator.comparingDouble(Found::cost)
                        .thenComparing(
                                Comparator.comparingDouble(Found::importance).reversed()))
                .toList();
        List<Found> front = new ArrayList<>();
        for (Found set : sorted) {
            if (front.isEmpty()
                    || more(set.importance(), front.get(front.size() - 1).importance())) {
                front.add(set);
            }
        }
        return front;
    }

    private static boolean more(double importance, double than) {
        return importance > than + ROUNDING * Math.max(1, Math.abs(than));
    }
}
