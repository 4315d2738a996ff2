// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;
import java.util.Map;

/** Draws a pie and names its parts beside it. */
final class PieLayer {

    private PieLayer() {}

    static void draw(Svg svg, Picture picture) {
        Map<String, Object> trace = picture.traces().get(0);
        List<?> labels = Words.list(trace, "labels");
        double[] values = Words.list(trace, "values").stream()
                .mapToDouble(Words::number)
                .map(value -> Double.isFinite(value) && value > 0 ? value : 0)
                .toArray();
        double sum = java.util.Arrays.stream(values).sum();
        double r = Math.max(20, (picture.height() - 80) / 2.0);
        double x = 24 + r;
        double y = 50 + r;
        double angle = -Math.PI / 2;
        for (int i = 0; i < values.length && sum > 0; i++) {
            double turn = values[i] / sum * 2 * Math.PI;
            svg.path(slice(x, y, r, angle, turn), Style.series(i), 1, "#FFFFFF", 1, "");
            angle += turn;
            double row = 64 + i * 20;
            String label = i < labels.size() ? String.valueOf(labels.get(i)) : String.valueOf(i);
            svg.rectangle(x + r + 40, row - 9, 11, 11, Style.series(i), 1);
            String share = Ticks.label(values[i] / sum, 0.01);
            svg.text(x + r + 58, row, PlaneLayer.shortened(label) + "  " + share, "start", 12, Svg.INK, 0);
        }
    }

    private static String slice(double x, double y, double r, double from, double turn) {
        // an arc of the whole circle would start where it ends and vanish
        double end = from + Math.min(turn, 2 * Math.PI - 1e-3);
        return Svg.point('M', x, y) + Svg.point('L', x + r * Math.cos(from), y + r * Math.sin(from)) + "A" + r + "," + r
                + " 0 " + (turn > Math.PI ? 1 : 0) + ",1 "
                + Svg.point(' ', x + r * Math.cos(end), y + r * Math.sin(end)).strip() + "Z";
    }
}
