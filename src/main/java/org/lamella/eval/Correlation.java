// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

/** A correlation of two rows of numbers, made ready once so that it can be taken of many resamples of them. */
interface Correlation {

    /** Returns the correlation of the drawn examples, which may repeat; not a number when a row is constant there. */
    double of(int[] drawn);

    /** Returns the numbers 0 to n − 1: every example once. */
    static int[] everyone(int n) {
        int[] indices = new int[n];
        for (int i = 0; i < n; i++) {
            indices[i] = i;
        }
        return indices;
    }

    /** Returns the correlation that the three sums about the means give, kept inside −1 to 1 as SciPy does. */
    static double of(double together, double first, double second) {
        double correlation = together / Math.sqrt(first * second);
        return Math.max(-1, Math.min(1, correlation));
    }

    /** Returns whether the drawn numbers are all the same. */
    static boolean constant(double[] values, int[] drawn) {
        for (int i : drawn) {
            if (values[i] != values[drawn[0]]) {
                return false;
            }
        }
        return true;
    }
}
