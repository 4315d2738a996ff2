// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Draws the straight lines and the labels that a layout lays over its traces. */
final class MarkLayer {

    private MarkLayer() {}

    static void draw(Svg svg, Map<String, Object> layout, Frame frame, Axis across, Axis up) {
        for (Object shape : Words.list(layout, "shapes")) {
            Map<String, Object> line = Words.map(shape);
            if (!"line".equals(line.get("type"))) {
                continue;
            }
            String dash = Words.text(line, "solid", "line", "dash").equals("solid") ? "" : "6 4";
            svg.line(
                    x(line.get("x0"), line.get("xref"), frame, across),
                    y(line.get("y0"), line.get("yref"), frame, up),
                    x(line.get("x1"), line.get("xref"), frame, across),
                    y(line.get("y1"), line.get("yref"), frame, up),
                    Words.text(line, Svg.INK, "line", "color"),
                    Words.number(line, 1.5, "line", "width"),
                    dash);
        }
    }

    static void label(Svg svg, Map<String, Object> layout, Frame frame, Axis across, Axis up) {
        for (Object annotation : Words.list(layout, "annotations")) {
            Map<String, Object> label = Words.map(annotation);
            String text = Words.text(label, "", "text");
            double x = x(label.get("x"), label.get("xref"), frame, across);
            double y = y(label.get("y"), label.get("yref"), frame, up);
            boolean left = "left".equals(label.get("xanchor"));
            boolean crowded = left && x + 5 + Svg.width(text, 12) > frame.right();
            String anchor = crowded ? "end" : left ? "start" : "right".equals(label.get("xanchor")) ? "end" : "middle";
            double shift = crowded ? -5 : left ? 5 : 0;
            double drop = "top".equals(label.get("yanchor")) ? 13 : -4;
            svg.text(x + shift, y + drop, text, anchor, 12, Svg.INK, 0);
        }
    }

    private static double x(@Nullable Object value, @Nullable Object reference, Frame frame, Axis across) {
        boolean paper = "paper".equals(reference);
        return paper ? frame.left() + Words.number(value) * frame.width() : place(value, across);
    }

    private static double y(@Nullable Object value, @Nullable Object reference, Frame frame, Axis up) {
        boolean paper = "paper".equals(reference);
        return paper ? frame.bottom() - Words.number(value) * frame.height() : place(value, up);
    }

    // on names, a number is a place among them
    private static double place(@Nullable Object value, Axis axis) {
        return axis.categories() && value instanceof Number number ? axis.pixel(number.doubleValue()) : axis.at(value);
    }
}
