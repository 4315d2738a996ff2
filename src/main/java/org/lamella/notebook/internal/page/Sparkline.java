// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** A small curve of what was seen so far. When it grows too long, neighbours are averaged. */
public final class Sparkline {

    private static final int MOST_POINTS = 160;
    private static final int WIDTH = 160;
    private static final int HEIGHT = 28;

    private final List<Double> points = new ArrayList<>();

    private Sparkline() {}

    /** Returns a curve without points. */
    public static Sparkline empty() {
        return new Sparkline();
    }

    /** Adds a value; what is not finite is left out. */
    public void add(double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        points.add(value);
        if (points.size() > MOST_POINTS) {
            List<Double> halves = new ArrayList<>();
            for (int i = 0; i + 1 < points.size(); i += 2) {
                halves.add((points.get(i) + points.get(i + 1)) / 2);
            }
            points.clear();
            points.addAll(halves);
        }
    }

    /** Returns the curve as an image element; nothing before there are three points. */
    String html(String name) {
        if (points.size() < 3) {
            return "";
        }
        double low = points.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double high = points.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            double x = 2 + (WIDTH - 4.0) * i / (points.size() - 1);
            double share = high > low ? (points.get(i) - low) / (high - low) : 0.5;
            path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, HEIGHT - 3 - share * (HEIGHT - 6)));
        }
        String svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + WIDTH + "\" height=\"" + HEIGHT
                + "\"><polyline fill=\"none\" stroke=\"#D55E00\" stroke-width=\"1.5\" points=\""
                + path.toString().strip() + "\"/></svg>";
        return "<img alt=\"" + Html.escape(name) + " so far\" width=\"" + WIDTH + "\" height=\"" + HEIGHT
                + "\" style=\"vertical-align:middle\" src=\"data:image/svg+xml;base64,"
                + Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8)) + "\">";
    }
}
