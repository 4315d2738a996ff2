// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Draws a figure as SVG; kinds of traces that it cannot draw become a card that says so. */
final class SvgPicture {

    private static final Set<String> ON_AXES = Set.of("bar", "scatter", "heatmap", "histogram", "box");

    private SvgPicture() {}

    static String draw(Picture picture) {
        List<String> kinds = picture.traces().stream()
                .map(trace -> Words.text(trace, "scatter", "type"))
                .distinct()
                .toList();
        Svg svg = new Svg(picture.width(), picture.height(), picture.sentence());
        svg.text(16, 24, shortened(picture.title(), picture.width()), "start", 16, Svg.INK, 0);
        if (kinds.equals(List.of("pie"))) {
            PieLayer.draw(svg, picture);
        } else if (!kinds.isEmpty() && ON_AXES.containsAll(kinds)) {
            PlaneLayer.draw(svg, picture);
        } else {
            String reason = kinds.isEmpty()
                    ? "This chart has no traces."
                    : "A chart of kind " + String.join(", ", kinds) + " is drawn in a live notebook only.";
            svg.text(picture.width() / 2.0, picture.height() / 2.0, reason, "middle", 13, Svg.SOFT, 0);
        }
        return svg.document();
    }

    private static String shortened(String title, int width) {
        int most = Math.max(8, (int) ((width - 32) / Svg.width("n", 16)));
        return title.length() <= most ? title : title.substring(0, most - 1) + "…";
    }

    /** Returns a list of values, or the places 0, 1, 2 ... where a trace has none. */
    static List<?> orPlaces(List<?> values, int size) {
        return !values.isEmpty()
                ? values
                : java.util.stream.IntStream.range(0, size)
                        .mapToObj(i -> (double) i)
                        .toList();
    }

    static boolean lying(Map<String, Object> trace) {
        return "h".equals(trace.get("orientation"));
    }
}
