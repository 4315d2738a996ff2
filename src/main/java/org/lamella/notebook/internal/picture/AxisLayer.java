// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;

/** Draws grid, ticks and titles of the two axes. */
final class AxisLayer {

    private static final double CLOSEST_NAMES = 15;

    private AxisLayer() {}

    static void draw(Svg svg, Frame frame, Axis across, Axis up, boolean heat) {
        for (Axis.Tick tick : thinned(up, frame.height())) {
            double y = up.pixel(tick.at());
            if (!heat && !up.categories()) {
                svg.line(frame.left(), y, frame.right(), y, Svg.GRID, 1, "");
            }
            svg.text(frame.left() - 7, y + 4, PlaneLayer.shortened(tick.label()), "end", 12, Svg.INK, 0);
        }
        double slot = frame.width() / Math.max(1, across.ticks().size());
        boolean slanted = across.categories()
                && across.ticks().stream()
                        .anyMatch(tick -> Svg.width(PlaneLayer.shortened(tick.label()), 12) + 6 > slot);
        for (Axis.Tick tick : thinned(across, frame.width())) {
            double x = across.pixel(tick.at());
            if (!heat && !across.categories()) {
                svg.line(x, frame.top(), x, frame.bottom(), Svg.GRID, 1, "");
            }
            String label = PlaneLayer.shortened(tick.label());
            if (slanted) {
                svg.text(x + 4, frame.bottom() + 14, label, "end", 12, Svg.INK, -35);
            } else {
                svg.text(x, frame.bottom() + 17, label, "middle", 12, Svg.INK, 0);
            }
        }
        if (!heat) {
            svg.line(frame.left(), frame.bottom(), frame.right(), frame.bottom(), Svg.SOFT, 1, "");
        }
        double middle = (frame.left() + frame.right()) / 2;
        double below = frame.bottom() + (slanted ? bottomOfNames(across) : 22) + 16;
        if (!across.title().isEmpty()) {
            svg.text(middle, below, across.title(), "middle", 13, Svg.INK, 0);
        }
        if (!up.title().isEmpty()) {
            svg.text(16, (frame.top() + frame.bottom()) / 2, up.title(), "middle", 13, Svg.INK, -90);
        }
    }

    private static double bottomOfNames(Axis across) {
        double longest = across.ticks().stream()
                .mapToDouble(tick -> Svg.width(PlaneLayer.shortened(tick.label()), 12))
                .max()
                .orElse(0);
        return Math.min(110, 14 + longest * 0.6);
    }

    /** Keeps every second, third ... name where all of them would touch. */
    private static List<Axis.Tick> thinned(Axis axis, double length) {
        List<Axis.Tick> ticks = axis.ticks();
        int every = Math.max(1, (int) Math.ceil(ticks.size() * CLOSEST_NAMES / length));
        return java.util.stream.IntStream.range(0, ticks.size())
                .filter(i -> i % every == 0)
                .mapToObj(ticks::get)
                .toList();
    }
}
