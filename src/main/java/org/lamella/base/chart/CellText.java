// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import java.util.Locale;

/** The few digits that fit into a cell of a heat map. */
final class CellText {

    private CellText() {}

    static String of(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.valueOf((long) value);
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 1e4 || size < 1e-3 ? "%.0e" : size >= 100 ? "%.0f" : "%.2f", value);
    }
}
