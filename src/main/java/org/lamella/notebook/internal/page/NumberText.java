// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.util.Locale;

/** Writes numbers as tables show them: four significant digits, whole numbers whole, tiny and huge ones with e. */
final class NumberText {

    private static final double TINY = 1e-4;
    private static final double HUGE = 1e9;

    private NumberText() {}

    /** Returns the number; a whole number loses its decimals only if the whole column has none. */
    static String of(double value, boolean wholeColumn) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "−∞".replace('−', '-');
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && (wholeColumn || value == 0) && size < 1e15) {
            return String.valueOf((long) value);
        }
        if (size < TINY || size >= HUGE) {
            String text = String.format(Locale.ROOT, "%.3e", value);
            int e = text.indexOf('e');
            return text.substring(0, e + 1) + Integer.parseInt(text.substring(e + 1));
        }
        // the digits before the point are never given up
        int before = (int) Math.floor(Math.log10(size)) + 1;
        return String.format(Locale.ROOT, "%." + Math.max(0, 4 - before) + "f", value);
    }
}
