// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.Locale;

/** Writes an SVG document piece by piece. Lengths are CSS pixels with one decimal, so the bytes stay few and the same. */
final class Svg {

    /** What a page writes with; pixels are written with Java's own name for such letters. */
    static final String FONTS = "Helvetica, Arial, sans-serif";

    static final String INK = "#333333";
    static final String SOFT = "#666666";
    static final String GRID = "#E3E3E3";

    private final StringBuilder out = new StringBuilder();

    Svg(int width, int height, String title) {
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" font-family=\"" + FONTS + "\" font-size=\"12\" fill=\"")
                .append(INK)
                .append("\" role=\"img\"><title>")
                .append(escape(title))
                .append("</title><rect width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" fill=\"#FFFFFF\"/>");
    }

    void rectangle(double x, double y, double width, double height, String fill, double opacity) {
        out.append("<rect").append(number("x", Math.min(x, x + width))).append(number("y", Math.min(y, y + height)));
        out.append(number("width", Math.abs(width))).append(number("height", Math.abs(height)));
        out.append(" fill=\"")
                .append(escape(fill))
                .append('"')
                .append(opacity(opacity))
                .append("/>");
    }

    void line(double x1, double y1, double x2, double y2, String color, double width, String dash) {
        out.append("<line").append(number("x1", x1)).append(number("y1", y1));
        out.append(number("x2", x2)).append(number("y2", y2));
        out.append(" stroke=\"").append(escape(color)).append('"').append(number("stroke-width", width));
        if (!dash.isEmpty()) {
            out.append(" stroke-dasharray=\"").append(dash).append('"');
        }
        out.append("/>");
    }

    /** Draws a path; its text is made with {@link #point}. An empty fill is none. */
    void path(String path, String fill, double opacity, String stroke, double width, String dash) {
        if (path.isEmpty()) {
            return;
        }
        out.append("<path d=\"").append(path.strip()).append("\" fill=\"");
        out.append(fill.isEmpty() ? "none" : escape(fill)).append('"').append(opacity(opacity));
        if (!stroke.isEmpty()) {
            out.append(" stroke=\"").append(escape(stroke)).append('"').append(number("stroke-width", width));
            out.append(" stroke-linejoin=\"round\"");
        }
        if (!dash.isEmpty()) {
            out.append(" stroke-dasharray=\"").append(dash).append('"');
        }
        out.append("/>");
    }

    static String point(char command, double x, double y) {
        return command + shortly(x) + "," + shortly(y) + " ";
    }

    /** Writes a text; anchor is start, middle or end, and the angle turns it about its own point. */
    void text(double x, double y, String text, String anchor, double size, String color, double angle) {
        out.append("<text").append(number("x", x)).append(number("y", y));
        if (!anchor.equals("start")) {
            out.append(" text-anchor=\"").append(anchor).append('"');
        }
        if (size != 12) {
            out.append(number("font-size", size));
        }
        if (!color.equals(INK)) {
            out.append(" fill=\"").append(escape(color)).append('"');
        }
        if (angle != 0) {
            out.append(" transform=\"rotate(")
                    .append(shortly(angle))
                    .append(' ')
                    .append(shortly(x));
            out.append(' ').append(shortly(y)).append(")\"");
        }
        out.append('>').append(escape(text)).append("</text>");
    }

    void clip(String name, Frame frame) {
        out.append("<clipPath id=\"").append(name).append("\"><rect").append(number("x", frame.left()));
        out.append(number("y", frame.top())).append(number("width", frame.right() - frame.left()));
        out.append(number("height", frame.bottom() - frame.top())).append("/></clipPath>");
        out.append("<g clip-path=\"url(#").append(name).append(")\">");
    }

    void close() {
        out.append("</g>");
    }

    String document() {
        return out + "</svg>";
    }

    /** Returns about how wide a text is at the given font size; no fonts are asked. */
    static double width(String text, double size) {
        return text.length() * size * 0.56;
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    // XML has no place for control characters and lone surrogates
                    boolean allowed = c >= 0x20 && !(c >= 0xD800 && c <= 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
                    escaped.appendCodePoint(allowed ? c : ' ');
                }
            }
        });
        return escaped.toString();
    }

    private static String opacity(double opacity) {
        return opacity >= 1 ? "" : " fill-opacity=\"" + String.format(Locale.ROOT, "%.2f", opacity) + "\"";
    }

    private static String number(String name, double value) {
        return " " + name + "=\"" + shortly(value) + "\"";
    }

    private static String shortly(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
