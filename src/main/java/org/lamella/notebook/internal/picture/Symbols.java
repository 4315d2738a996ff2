// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

/** Draws the mark of one point; shapes that Plotly has and we have not become discs. */
final class Symbols {

    private Symbols() {}

    static void draw(Svg svg, String symbol, double x, double y, double r, String color, double opacity) {
        switch (symbol) {
            case "square" -> svg.rectangle(x - r, y - r, 2 * r, 2 * r, color, opacity);
            case "diamond" ->
                svg.path(
                        Svg.point('M', x, y - 1.3 * r) + Svg.point('L', x + 1.3 * r, y) + Svg.point('L', x, y + 1.3 * r)
                                + Svg.point('L', x - 1.3 * r, y) + "Z",
                        color,
                        opacity,
                        "",
                        0,
                        "");
            case "triangle-up" ->
                svg.path(
                        Svg.point('M', x, y - 1.2 * r) + Svg.point('L', x + 1.2 * r, y + r)
                                + Svg.point('L', x - 1.2 * r, y + r) + "Z",
                        color,
                        opacity,
                        "",
                        0,
                        "");
            case "cross", "x" -> {
                double d = symbol.equals("x") ? 0.8 * r : 0;
                String path = d == 0
                        ? Svg.point('M', x - r, y)
                                + Svg.point('L', x + r, y)
                                + Svg.point('M', x, y - r)
                                + Svg.point('L', x, y + r)
                        : Svg.point('M', x - d, y - d)
                                + Svg.point('L', x + d, y + d)
                                + Svg.point('M', x - d, y + d)
                                + Svg.point('L', x + d, y - d);
                svg.path(path, "", 1, color, 2, "");
            }
            default -> svg.path(disc(x, y, r), symbol.endsWith("-open") ? "#FFFFFF" : color, opacity, color, 1, "");
        }
    }

    private static String disc(double x, double y, double r) {
        String arc = "a" + r + "," + r + " 0 1,0 ";
        return Svg.point('M', x - r, y) + arc + 2 * r + ",0 " + arc + -2 * r + ",0Z";
    }
}
