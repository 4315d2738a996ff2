// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.Locale;

/**
 * A number with the range in which it may lie.
 *
 * @param value the estimate itself
 * @param low the lower end of the interval
 * @param high the upper end of the interval
 */
public record Interval(double value, double low, double high) {

    /** Returns an interval of no width, for a number that is known exactly. */
    public static Interval exactly(double value) {
        return new Interval(value, value, value);
    }

    /** Returns whether zero lies outside: what a difference needs before it is called one. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f (%.4f to %.4f)", value, low, high);
    }
}
