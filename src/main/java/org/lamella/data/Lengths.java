// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.Arrays;

/** Numbers in ascending order, asked for what a summary shows. Of no numbers every answer is not a number. */
final class Lengths {

    private final double[] sorted;

    private Lengths(double[] sorted) {
        this.sorted = sorted;
    }

    static Lengths of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Lengths(sorted);
    }

    double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }

    /** Linear interpolation between order statistics, as numpy does it. */
    double quantile(double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    double shareAbove(int limit) {
        return sorted.length == 0
                ? Double.NaN
                : (double) Arrays.stream(sorted).filter(value -> value > limit).count() / sorted.length;
    }
}
