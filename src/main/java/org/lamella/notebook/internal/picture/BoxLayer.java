// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Draws boxes from the first to the third quartile with the median, and whiskers up to 1.5 times the box. */
final class BoxLayer {

    private BoxLayer() {}

    /** Returns the names under the boxes: the groups of the values, or the name of the trace. */
    static List<?> names(Map<String, Object> trace) {
        List<?> groups = Words.list(trace, "x");
        return groups.isEmpty() ? List.of(Words.text(trace, "", "name")) : groups;
    }

    static void draw(Svg svg, Map<String, Object> trace, int index, Axis across, Axis up) {
        List<?> groups = names(trace);
        List<?> values = Words.list(trace, "y");
        for (Object group : groups.stream().distinct().toList()) {
            double[] members = IntStream.range(0, values.size())
                    .filter(i -> groups.size() == 1
                            || (i < groups.size() && groups.get(i).equals(group)))
                    .mapToDouble(i -> Words.number(values.get(i)))
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            if (members.length > 0) {
                box(svg, members, across.place(group), Style.color(trace, index), across, up);
            }
        }
    }

    private static void box(Svg svg, double[] sorted, double place, String color, Axis across, Axis up) {
        double low = quantile(sorted, 0.25);
        double middle = quantile(sorted, 0.5);
        double high = quantile(sorted, 0.75);
        double reach = 1.5 * (high - low);
        double bottom = IntStream.range(0, sorted.length)
                .mapToDouble(i -> sorted[i])
                .filter(v -> v >= low - reach)
                .findFirst()
                .orElse(low);
        double top = IntStream.range(0, sorted.length)
                .mapToDouble(i -> sorted[sorted.length - 1 - i])
                .filter(v -> v <= high + reach)
                .findFirst()
                .orElse(high);
        double left = across.pixel(place - 0.25);
        double right = across.pixel(place + 0.25);
        double center = across.pixel(place);
        svg.rectangle(left, up.at(high), right - left, up.at(low) - up.at(high), Style.opaque(color), 0.35);
        svg.line(left, up.at(middle), right, up.at(middle), Style.opaque(color), 2, "");
        svg.line(center, up.at(low), center, up.at(bottom), Style.opaque(color), 1.5, "");
        svg.line(center, up.at(high), center, up.at(top), Style.opaque(color), 1.5, "");
        for (double value : sorted) {
            if (value < bottom || value > top) {
                Symbols.draw(svg, "circle", center, up.at(value), 2.5, Style.opaque(color), 1);
            }
        }
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
