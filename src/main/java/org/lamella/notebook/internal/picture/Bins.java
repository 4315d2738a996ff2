// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the values of a histogram into bars of equal, round width. */
final class Bins {

    private static final int DEFAULT_COUNT = 20;

    private Bins() {}

    static Map<String, Object> bars(Map<String, Object> histogram) {
        boolean lying = Words.list(histogram, "x").isEmpty();
        double[] values = Words.list(histogram, lying ? "y" : "x").stream()
                .mapToDouble(Words::number)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        Map<String, Object> bars = new LinkedHashMap<>(histogram);
        bars.put("type", "bar");
        if (values.length == 0) {
            return bars;
        }
        double wanted = Words.number(histogram, 0, lying ? "nbinsy" : "nbinsx");
        double span = values[values.length - 1] - values[0];
        double step = span > 0 ? Ticks.step(span, wanted >= 1 ? (int) wanted : DEFAULT_COUNT) : 1;
        double start = Math.floor(values[0] / step) * step;
        int count = (int) Math.floor((values[values.length - 1] - start) / step) + 1;
        double[] counts = new double[count];
        for (double value : values) {
            counts[Math.min(count - 1, (int) ((value - start) / step))]++;
        }
        List<Object> middles = new ArrayList<>();
        List<Object> heights = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            middles.add(start + (i + 0.5) * step);
            heights.add(counts[i] / scale(histogram, values.length, step));
        }
        bars.put(lying ? "y" : "x", middles);
        bars.put(lying ? "x" : "y", heights);
        bars.put("whole", 1.0);
        if (lying) {
            bars.put("orientation", "h");
        }
        return bars;
    }

    private static double scale(Map<String, Object> histogram, int values, double step) {
        return switch (Words.text(histogram, "", "histnorm")) {
            case "probability" -> values;
            case "percent" -> values / 100.0;
            case "density" -> step;
            case "probability density" -> values * step;
            default -> 1;
        };
    }
}
