// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamella.base.Matrix;

/** Says one series in Plotly's words. */
final class Series {

    private static final int MOST_LABELLED_CELLS = 400;

    private Series() {}

    static Map<String, Object> line(String name, int index, double[] x, double[] y, String mode) {
        return Json.object(
                "type", "scatter",
                "name", name,
                "mode", mode,
                "x", Json.numbers(x),
                "y", Json.numbers(y),
                "line", Json.object("color", Palette.series(index), "width", 2),
                "marker", Json.object("color", Palette.series(index), "symbol", Palette.symbol(index), "size", 7));
    }

    /** Returns the area between low and high, as one closed polygon through the points that have both. */
    static Map<String, Object> area(String name, int index, double[] x, double[] low, double[] high) {
        List<Object> across = new ArrayList<>();
        List<Object> up = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            if (Double.isFinite(low[i]) && Double.isFinite(high[i])) {
                across.add(x[i]);
                up.add(low[i]);
            }
        }
        for (int i = x.length - 1; i >= 0; i--) {
            if (Double.isFinite(low[i]) && Double.isFinite(high[i])) {
                across.add(x[i]);
                up.add(high[i]);
            }
        }
        return Json.object(
                "type",
                "scatter",
                "name",
                name + ", interval",
                "mode",
                "lines",
                "x",
                across,
                "y",
                up,
                "fill",
                "toself",
                "fillcolor",
                Palette.veil(Palette.series(index)),
                "line",
                Json.object("color", "rgba(0,0,0,0)", "width", 0),
                "hoverinfo",
                "skip",
                "showlegend",
                false);
    }

    static Map<String, Object> bars(String name, String slot, String color, List<String> categories, double[] values) {
        return Json.object(
                "type",
                "bar",
                "name",
                name,
                "x",
                List.copyOf(categories),
                "y",
                Json.numbers(values),
                "offsetgroup",
                slot,
                "marker",
                Json.object("color", color));
    }

    static void intervals(Map<String, Object> bars, double[] values, double[] low, double[] high) {
        double[] above = new double[values.length];
        double[] below = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            above[i] = high[i] - values[i];
            below[i] = values[i] - low[i];
        }
        bars.put(
                "error_y",
                Json.object(
                        "type",
                        "data",
                        "symmetric",
                        false,
                        "array",
                        Json.numbers(above),
                        "arrayminus",
                        Json.numbers(below),
                        "color",
                        Palette.INK,
                        "thickness",
                        1.5,
                        "width",
                        4));
    }

    /** Returns the values with NaN wherever membership of the index is not as wanted. */
    static double[] only(double[] values, Set<Integer> chosen, boolean wanted) {
        double[] kept = values.clone();
        for (int i = 0; i < kept.length; i++) {
            if (chosen.contains(i) != wanted) {
                kept[i] = Double.NaN;
            }
        }
        return kept;
    }

    static Map<String, Object> heatMap(
            List<String> rows, List<String> columns, Matrix values, double low, double high) {
        List<Object> numbers = new ArrayList<>();
        List<Object> texts = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            double[] line = values.row(row);
            numbers.add(Json.numbers(line));
            List<String> written = new ArrayList<>();
            for (double value : line) {
                written.add(CellText.of(value));
            }
            texts.add(written);
        }
        Map<String, Object> map = Json.object(
                "type",
                "heatmap",
                "x",
                List.copyOf(columns),
                "y",
                List.copyOf(rows),
                "z",
                numbers,
                "zmin",
                low,
                "zmax",
                high,
                "colorscale",
                Palette.HEAT,
                "xgap",
                1,
                "ygap",
                1,
                "hoverongaps",
                false);
        if (rows.size() * columns.size() <= MOST_LABELLED_CELLS) {
            map.put("text", texts);
            map.put("texttemplate", "%{text}");
        }
        return map;
    }
}
