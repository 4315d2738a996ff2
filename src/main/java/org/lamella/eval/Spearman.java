// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Arrays;

/**
 * Spearman's rank correlation. The numbers are sorted once; the ranks of a resample then follow from counting how often
 * each distinct number was drawn, so that a resample costs its size and no sorting.
 */
final class Spearman implements Correlation {

    private final Ranks truth;
    private final Ranks answers;

    Spearman(double[] truth, double[] answers) {
        this.truth = new Ranks(truth);
        this.answers = new Ranks(answers);
    }

    @Override
    public double of(int[] drawn) {
        truth.draw(drawn);
        answers.draw(drawn);
        if (truth.spread == 0 || answers.spread == 0) {
            return Double.NaN;
        }
        double together = 0;
        for (int i : drawn) {
            together += truth.of(i) * answers.of(i);
        }
        return Correlation.of(together, truth.spread, answers.spread);
    }

    /** The ranks of one row, about their mean. */
    private static final class Ranks {

        private final int[] step; // which distinct number an example has, in ascending order
        private final int[] times; // how often it was drawn
        private final double[] rank;
        private double spread;

        Ranks(double[] values) {
            double[] unsigned = Arrays.stream(values).map(value -> value + 0.0).toArray(); // −0 and 0 are one number
            double[] distinct = Arrays.stream(unsigned).sorted().distinct().toArray();
            step = Arrays.stream(unsigned)
                    .mapToInt(value -> Arrays.binarySearch(distinct, value))
                    .toArray();
            times = new int[distinct.length];
            rank = new double[distinct.length];
        }

        void draw(int[] drawn) {
            Arrays.fill(times, 0);
            for (int i : drawn) {
                times[step[i]]++;
            }
            double middle = (drawn.length + 1) / 2.0;
            int below = 0;
            spread = 0;
            for (int s = 0; s < times.length; s++) {
                rank[s] = below + (times[s] + 1) / 2.0 - middle; // equal numbers share the mean of their ranks
                spread += times[s] * rank[s] * rank[s];
                below += times[s];
            }
        }

        double of(int example) {
            return rank[step[example]];
        }
    }
}
