// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;
import java.util.Map;

/** Draws lines, points and the areas under and between lines. */
final class LineLayer {

    private LineLayer() {}

    static void draw(Svg svg, Map<String, Object> trace, Map<String, Object> before, int index, Axis across, Axis up) {
        String color = Style.color(trace, index);
        area(svg, trace, before, color, across, up);
        String mode = Words.text(trace, "lines+markers", "mode");
        double width = Words.number(trace, 2, "line", "width");
        if (mode.contains("lines") && width > 0) {
            String dash =
                    switch (Words.text(trace, "solid", "line", "dash")) {
                        case "dash", "longdash" -> "6 4";
                        case "dot" -> "2 3";
                        case "dashdot", "longdashdot" -> "6 3 2 3";
                        default -> "";
                    };
            svg.path(line(trace, across, up), "", 1, Style.opaque(color), width, dash);
        }
        points(svg, trace, index, mode, across, up);
    }

    private static void points(Svg svg, Map<String, Object> trace, int index, String mode, Axis across, Axis up) {
        List<?> ys = Words.list(trace, "y");
        List<?> xs = SvgPicture.orPlaces(Words.list(trace, "x"), ys.size());
        double size = Math.min(14, Words.number(trace, 6, "marker", "size")) / 2;
        String symbol = Words.text(trace, "circle", "marker", "symbol");
        for (int i = 0; i < Math.min(xs.size(), ys.size()); i++) {
            double x = across.at(xs.get(i));
            double y = up.at(ys.get(i));
            if (!Double.isFinite(x) || !Double.isFinite(y)) {
                continue;
            }
            whisker(svg, trace, i, x, ys.get(i), up);
            if (mode.contains("markers")) {
                String color = Style.color(trace, index, i);
                double opacity = Words.number(trace, 1, "opacity") * Words.number(trace, 1, "marker", "opacity");
                Symbols.draw(svg, symbol, x, y, size, Style.opaque(color), opacity);
            }
        }
    }

    private static void whisker(Svg svg, Map<String, Object> trace, int i, double x, Object value, Axis up) {
        double above = Whiskers.above(trace, "y", i);
        double below = Whiskers.below(trace, "y", i);
        if (Double.isFinite(above) && Double.isFinite(below)) {
            double middle = Words.number(value);
            svg.line(x, up.at(middle - below), x, up.at(middle + above), Svg.INK, 1.5, "");
        }
    }

    private static void area(
            Svg svg, Map<String, Object> trace, Map<String, Object> before, String color, Axis across, Axis up) {
        String fill = Words.text(trace, "none", "fill");
        String fillColor = Words.text(trace, color, "fillcolor");
        double opacity = fillColor.startsWith("rgba") ? Style.opacity(fillColor) : 0.3;
        String path = line(trace, across, up);
        if (path.isEmpty()) {
            return;
        }
        switch (fill) {
            case "toself" -> svg.path(path + "Z", Style.opaque(fillColor), opacity, "", 0, "");
            case "tozeroy" -> svg.path(closed(trace, across, up), Style.opaque(fillColor), opacity, "", 0, "");
            case "tonexty" -> {
                String back = backwards(before, across, up);
                String between = path.replace('M', 'L').replaceFirst("L", "M") + back + "Z";
                String shape = back.isEmpty() ? closed(trace, across, up) : between;
                svg.path(shape, Style.opaque(fillColor), opacity, "", 0, "");
            }
            default -> {
                // no area
            }
        }
    }

    private static String line(Map<String, Object> trace, Axis across, Axis up) {
        List<?> ys = Words.list(trace, "y");
        List<?> xs = SvgPicture.orPlaces(Words.list(trace, "x"), ys.size());
        StringBuilder path = new StringBuilder();
        boolean gap = true;
        for (int i = 0; i < Math.min(xs.size(), ys.size()); i++) {
            double x = across.at(xs.get(i));
            double y = up.at(ys.get(i));
            if (!Double.isFinite(x) || !Double.isFinite(y)) {
                gap = true;
                continue;
            }
            path.append(Svg.point(gap ? 'M' : 'L', x, y));
            gap = false;
        }
        return path.toString();
    }

    private static String backwards(Map<String, Object> trace, Axis across, Axis up) {
        List<?> ys = Words.list(trace, "y");
        List<?> xs = SvgPicture.orPlaces(Words.list(trace, "x"), ys.size());
        StringBuilder path = new StringBuilder();
        for (int i = Math.min(xs.size(), ys.size()) - 1; i >= 0; i--) {
            double x = across.at(xs.get(i));
            double y = up.at(ys.get(i));
            if (Double.isFinite(x) && Double.isFinite(y)) {
                path.append(Svg.point('L', x, y));
            }
        }
        return path.toString();
    }

    // down to zero at both ends
    private static String closed(Map<String, Object> trace, Axis across, Axis up) {
        String path = line(trace, across, up).replace('M', 'L');
        String[] points = path.strip().split(" ", -1);
        double first = Double.parseDouble(points[0].substring(1, points[0].indexOf(',')));
        String lastPoint = points[points.length - 1];
        double last = Double.parseDouble(lastPoint.substring(1, lastPoint.indexOf(',')));
        return (path + Svg.point('L', last, up.floor()) + Svg.point('L', first, up.floor()) + "Z")
                .replaceFirst("L", "M");
    }
}
