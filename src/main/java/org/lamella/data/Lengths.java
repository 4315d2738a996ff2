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

    /** Returns the smallest value that at least this share of the values do not exceed: always one that occurs. */
    double quantile(double share) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    double shareAbove(int limit) {
        return sorted.length == 0
                ? Double.NaN
                : (double) Arrays.stream(sorted).filter(value -> value > limit).count() / sorted.length;
    }
}
