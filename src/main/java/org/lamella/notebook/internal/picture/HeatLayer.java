// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;
import java.util.Map;

/** Draws the cells of a heat map with their texts, and the scale of its colours. */
final class HeatLayer {

    private static final String NOTHING = "#EEEEEE";

    private HeatLayer() {}

    static void draw(Svg svg, Map<String, Object> trace, Axis across, Axis up) {
        List<?> rows = Words.list(trace, "z");
        List<?> texts = Words.list(trace, "text");
        double[] range = range(trace);
        int columns = rows.isEmpty() ? 0 : ((List<?>) rows.get(0)).size();
        List<?> xs = SvgPicture.orPlaces(Words.list(trace, "x"), columns);
        List<?> ys = SvgPicture.orPlaces(Words.list(trace, "y"), rows.size());
        List<?> scale = Style.heat(trace);
        for (int r = 0; r < Math.min(ys.size(), rows.size()); r++) {
            List<?> row = (List<?>) rows.get(r);
            List<?> rowTexts = r < texts.size() && texts.get(r) instanceof List<?> list ? list : List.of();
            double y = up.place(ys.get(r));
            for (int c = 0; c < Math.min(xs.size(), row.size()); c++) {
                double x = across.place(xs.get(c));
                double value = Words.number(row.get(c));
                boolean there = Double.isFinite(value);
                int[] color = Style.along(scale, (value - range[0]) / (range[1] - range[0]));
                double left = across.pixel(x - 0.5);
                double right = across.pixel(x + 0.5);
                double top = up.pixel(y + 0.5);
                double bottom = up.pixel(y - 0.5);
                double gap = Math.abs(right - left) > 8 ? 0.5 : 0;
                svg.rectangle(
                        Math.min(left, right) + gap,
                        Math.min(top, bottom) + gap,
                        Math.abs(right - left) - 2 * gap,
                        Math.abs(top - bottom) - 2 * gap,
                        there ? Style.hexadecimal(color) : NOTHING,
                        1);
                String text = c < rowTexts.size() ? String.valueOf(rowTexts.get(c)) : "";
                double size = Math.min(12, Math.abs(bottom - top) * 0.7);
                if (!text.isEmpty() && size >= 6 && Svg.width(text, size) < Math.abs(right - left)) {
                    String ink = there ? Style.readableOn(color) : Svg.SOFT;
                    svg.text((left + right) / 2, (top + bottom) / 2 + size * 0.35, text, "middle", size, ink, 0);
                }
            }
        }
    }

    /** Draws the colours from low to high beside the frame. */
    static void scale(Svg svg, Map<String, Object> trace, Frame frame) {
        double[] range = range(trace);
        List<?> scale = Style.heat(trace);
        double left = frame.right() + 16;
        int steps = 48;
        double height = frame.height() / steps;
        for (int i = 0; i < steps; i++) {
            String color = Style.hexadecimal(Style.along(scale, (i + 0.5) / steps));
            svg.rectangle(left, frame.bottom() - (i + 1) * height, 14, height + 0.5, color, 1);
        }
        for (Axis.Tick tick : Ticks.linear(range[0], range[1], 5, 0)) {
            double y = frame.bottom() - (tick.at() - range[0]) / (range[1] - range[0]) * frame.height();
            svg.text(left + 19, y + 4, tick.label(), "start", 11, Svg.INK, 0);
        }
    }

    private static double[] range(Map<String, Object> trace) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Object row : Words.list(trace, "z")) {
            for (Object cell : (List<?>) row) {
                double value = Words.number(cell);
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        low = Words.number(trace, low > high ? 0 : low, "zmin");
        high = Words.number(trace, low > high ? low + 1 : high, "zmax");
        return new double[] {low, high > low ? high : low + 1};
    }
}
