// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lays out title, legend, axes and traces of a figure with a horizontal and a vertical axis. */
final class PlaneLayer {

    private static final int LONGEST_NAME = 24;

    private PlaneLayer() {}

    static void draw(Svg svg, Picture picture) {
        List<Map<String, Object>> traces = picture.traces().stream()
                .map(trace -> "histogram".equals(trace.get("type")) ? Bins.bars(trace) : trace)
                .toList();
        Bars bars = Bars.of(traces, Words.text(picture.layout(), "group", "barmode"));
        Axis across = axis(picture, traces, "x", bars);
        Axis up = axis(picture, traces, "y", bars);
        Legend legend = Legend.of(picture, traces);
        Frame frame = frame(picture, across, up, legend.rows(picture.width() - 32), hasHeat(traces));
        across.between(frame.left(), frame.right());
        up.between(frame.bottom(), frame.top());

        legend.draw(svg, 16, picture.title().isEmpty() ? 20 : 46, picture.width() - 32);
        AxisLayer.draw(svg, frame, across, up, hasHeat(traces));
        svg.clip("frame", frame);
        bars.draw(svg, across, up);
        Map<String, Object> before = Map.of();
        for (int i = 0; i < traces.size(); i++) {
            Map<String, Object> trace = traces.get(i);
            switch (Words.text(trace, "scatter", "type")) {
                case "heatmap" -> HeatLayer.draw(svg, trace, across, up);
                case "box" -> BoxLayer.draw(svg, trace, i, across, up);
                case "scatter" -> {
                    LineLayer.draw(svg, trace, before, i, across, up);
                    before = trace;
                }
                default -> {
                    // bars are drawn together, since they share slots
                }
            }
        }
        MarkLayer.draw(svg, picture.layout(), frame, across, up);
        svg.close();
        MarkLayer.label(svg, picture.layout(), frame, across, up);
        traces.stream()
                .filter(trace -> "heatmap".equals(trace.get("type")))
                .limit(1)
                .forEach(trace -> HeatLayer.scale(svg, trace, frame));
    }

    private static boolean hasHeat(List<Map<String, Object>> traces) {
        return traces.stream().anyMatch(trace -> "heatmap".equals(trace.get("type")));
    }

    private static Axis axis(Picture picture, List<Map<String, Object>> traces, String side, Bars bars) {
        List<Object> values = new ArrayList<>();
        boolean whole = false;
        boolean zero = false;
        for (Map<String, Object> trace : traces) {
            String kind = Words.text(trace, "scatter", "type");
            boolean alongSide = side.equals(SvgPicture.lying(trace) ? "y" : "x");
            if (kind.equals("box")) {
                values.addAll(alongSide ? BoxLayer.names(trace) : Words.list(trace, "y"));
                continue;
            }
            if (kind.equals("bar") && !alongSide) {
                zero = true;
                continue;
            }
            whole |= kind.equals("bar") || kind.equals("heatmap");
            int size = Words.list(trace, side.equals("x") ? "y" : "x").size();
            List<?> given = Words.list(trace, side);
            if (kind.equals("heatmap") && given.isEmpty()) {
                List<?> cells = Words.list(trace, "z");
                size = side.equals("y") ? cells.size() : cells.isEmpty() ? 0 : ((List<?>) cells.get(0)).size();
            }
            values.addAll(SvgPicture.orPlaces(given, size));
            values.addAll(Whiskers.ends(trace, side));
        }
        if (zero) {
            values.addAll(bars.reach());
        }
        return Axis.of(Words.map(picture.layout().get(side + "axis")), values, whole, zero, side.equals("x") ? 8 : 5);
    }

    private static Frame frame(Picture picture, Axis across, Axis up, int legendRows, boolean heat) {
        double top = (picture.title().isEmpty() ? 14 : 40) + legendRows * 20;
        double widest = up.ticks().stream()
                .mapToDouble(tick -> Svg.width(shortened(tick.label()), 12))
                .max()
                .orElse(0);
        double left = 18 + widest + (up.title().isEmpty() ? 0 : 20);
        double right = picture.width() - (heat ? 84 : 22);
        double longest = across.ticks().stream()
                .mapToDouble(tick -> Svg.width(shortened(tick.label()), 12))
                .max()
                .orElse(0);
        boolean slanted = across.categories()
                && longest + 6 > (right - left) / Math.max(1, across.ticks().size());
        double names = slanted ? Math.min(110, 14 + longest * 0.6) : 22;
        double bottom = picture.height() - names - (across.title().isEmpty() ? 8 : 28);
        return new Frame(left, top, right, Math.max(top + 30, bottom));
    }

    static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }
}
