// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.lamella.base.LayerSet;

/** How alike two choices of layers, or two orders of them, are. */
final class Alike {

    private Alike() {}

    /** Returns how many layers both sets hold over how many either holds; 1 for two empty ones. */
    static double jaccard(LayerSet a, LayerSet b) {
        long both = a.indices().stream().filter(b::contains).count();
        long either = a.size() + b.size() - both;
        return either == 0 ? 1 : (double) both / either;
    }

    /**
     * Returns Kendall's τ-b of two rows of numbers, over the places where both are numbers: 1 for the same order, −1 for
     * the opposite one; not a number with fewer than two such places, or when one row is the same everywhere.
     */
    static double kendall(double[] a, double[] b) {
        int[] both = IntStream.range(0, a.length)
                .filter(i -> !Double.isNaN(a[i]) && !Double.isNaN(b[i]))
                .toArray();
        if (both.length < 2) {
            return Double.NaN;
        }
        return new KendallsCorrelation()
                .correlation(
                        IntStream.of(both).mapToDouble(i -> a[i]).toArray(),
                        IntStream.of(both).mapToDouble(i -> b[i]).toArray());
    }

    /**
     * Returns the Jaccard overlap to expect of two sets that are drawn by chance, each as large as the half that the scores
     * choose and from the layers that they define.
     */
    static double jaccardByChance(LayerScores a, LayerScores b) {
        int[] of = defined(a);
        int[] other = defined(b);
        int common = (int) IntStream.of(of)
                .filter(layer -> IntStream.of(other).anyMatch(each -> each == layer))
                .count();
        int n = a.chosenHalf().size();
        int m = b.chosenHalf().size();
        // of the first n so many may be drawn again, and of these so many are
        var open = new HypergeometricDistribution(of.length, common, n);
        double expected = 0;
        for (int may = 0; may <= Math.min(n, common); may++) {
            var shared = new HypergeometricDistribution(other.length, may, m);
            for (int both = 0; both <= may; both++) {
                expected += open.probability(may) * shared.probability(both) * both / (n + m - both);
            }
        }
        return expected;
    }

    private static int[] defined(LayerScores scores) {
        double[] ranks = scores.ranks();
        return IntStream.range(0, ranks.length)
                .filter(layer -> !Double.isNaN(ranks[layer]))
                .toArray();
    }
}
