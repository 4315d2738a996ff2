// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The intervals that {@code error_x} and {@code error_y} put around values. */
final class Whiskers {

    private Whiskers() {}

    static double above(Map<String, Object> trace, String side, int i) {
        return amount(Words.list(trace, "error_" + side, "array"), i);
    }

    static double below(Map<String, Object> trace, String side, int i) {
        List<?> minus = Words.list(trace, "error_" + side, "arrayminus");
        return minus.isEmpty() ? above(trace, side, i) : amount(minus, i);
    }

    /** Returns where the intervals of all values end, so that the axis can hold them. */
    static List<Object> ends(Map<String, Object> trace, String side) {
        List<Object> ends = new ArrayList<>();
        List<?> values = Words.list(trace, side);
        for (int i = 0; i < values.size(); i++) {
            double value = Words.number(values.get(i));
            double above = above(trace, side, i);
            double below = below(trace, side, i);
            if (Double.isFinite(value) && Double.isFinite(above) && Double.isFinite(below)) {
                ends.add(value + above);
                ends.add(value - below);
            }
        }
        return ends;
    }

    private static double amount(List<?> list, int i) {
        return i < list.size() ? Words.number(list.get(i)) : Double.NaN;
    }
}
