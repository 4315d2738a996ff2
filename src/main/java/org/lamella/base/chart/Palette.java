// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import java.util.List;

/**
 * Colours that people with any kind of colour vision tell apart, on white and on dark ground: Okabe and Ito's set for
 * series (without its yellow and black), cividis for heat maps.
 */
final class Palette {

    private static final List<String> SERIES =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C");
    // a second cue beside the colour
    private static final List<String> SYMBOLS =
            List.of("circle", "square", "diamond", "triangle-up", "cross", "x", "circle-open");

    /** For what is there but was not chosen. */
    static final String QUIET = "#9AA5B1";

    /** For what the eye should find first. */
    static final String CHOSEN = "#D55E00";

    /** For lines drawn over the data: error bars, marks. */
    static final String INK = "#444444";

    static final List<List<Object>> HEAT = List.of(
            List.of(0.0, "#00224E"),
            List.of(0.125, "#1E3A6E"),
            List.of(0.25, "#434E6C"),
            List.of(0.375, "#61646F"),
            List.of(0.5, "#7D7C78"),
            List.of(0.625, "#9B9476"),
            List.of(0.75, "#BBAE6C"),
            List.of(0.875, "#DDC958"),
            List.of(1.0, "#FEE838"));

    private Palette() {}

    static String series(int index) {
        return SERIES.get(index % SERIES.size());
    }

    static String symbol(int index) {
        return SYMBOLS.get(index % SYMBOLS.size());
    }

    /** Returns the colour, four fifths transparent. */
    static String veil(String color) {
        return "rgba(" + Integer.parseInt(color.substring(1, 3), 16) + ","
                + Integer.parseInt(color.substring(3, 5), 16) + "," + Integer.parseInt(color.substring(5, 7), 16)
                + ",0.2)";
    }
}
