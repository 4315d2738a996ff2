// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamella.base.Matrix;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/**
 * A picture of numbers that is put together word by word: each method returns a new chart with one thing more.
 *
 * <p>Immutable; arrays are copied. Series take their colours in the order in which they are added. A value that is not
 * finite is left out: no bar, a gap in a line, an empty cell.
 */
public final class Chart {

    private final String title;
    private final String note;
    private final Map<String, Object> across;
    private final Map<String, Object> up;
    private final List<Map<String, Object>> traces;
    private final List<Object> shapes;
    private final List<Object> labels;
    private final int series;

    private Chart(
            String title,
            String note,
            Map<String, Object> across,
            Map<String, Object> up,
            List<Map<String, Object>> traces,
            List<Object> shapes,
            List<Object> labels,
            int series) {
        this.title = title;
        this.note = note;
        this.across = across;
        this.up = up;
        this.traces = traces;
        this.shapes = shapes;
        this.labels = labels;
        this.series = series;
    }

    /** Returns an empty chart with that title. */
    public static Chart titled(String title) {
        return new Chart(title, "", Map.of(), Map.of(), List.of(), List.of(), List.of(), 0);
    }

    /** Returns this chart with a title on its horizontal axis; say the unit in it. */
    public Chart horizontal(String axisTitle) {
        return axes(with(across, "title", Json.object("text", axisTitle)), up);
    }

    /** Returns this chart with a title on its vertical axis; say the unit in it. */
    public Chart vertical(String axisTitle) {
        return axes(across, with(up, "title", Json.object("text", axisTitle)));
    }

    /** Returns this chart with a vertical axis that runs from low to high. */
    public Chart verticalRange(double low, double high) {
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException("low must be less than high; got " + low + " and " + high);
        }
        return axes(across, with(up, "range", List.of(low, high)));
    }

    /** Returns this chart with one more line through the given points. */
    public Chart line(String name, double[] x, double[] y) {
        sameLength("y", y, "x", x.length);
        String mode = x.length <= 60 ? "lines+markers" : "lines";
        return series(Series.line(name, series, x, y, mode));
    }

    /** Returns this chart with one more line, and around it the area from low to high. */
    public Chart band(String name, double[] x, double[] y, double[] low, double[] high) {
        sameLength("y", y, "x", x.length);
        sameLength("low", low, "x", x.length);
        sameLength("high", high, "x", x.length);
        Chart area = add(Series.area(name, series, x, low, high), series);
        return area.line(name, x, y);
    }

    /** Returns this chart with one more set of points that no line joins. */
    public Chart points(String name, double[] x, double[] y) {
        sameLength("y", y, "x", x.length);
        return series(Series.line(name, series, x, y, "markers"));
    }

    /** Returns this chart with one more set of bars, one a category. */
    public Chart bars(String name, List<String> categories, double[] values) {
        sameLength("values", values, "categories", categories.size());
        return series(Series.bars(name, name, Palette.series(series), categories, values));
    }

    /** Returns this chart with one more set of bars, each with its interval from low to high. */
    public Chart bars(String name, List<String> categories, double[] values, double[] low, double[] high) {
        sameLength("values", values, "categories", categories.size());
        sameLength("low", low, "categories", categories.size());
        sameLength("high", high, "categories", categories.size());
        Map<String, Object> bars = Series.bars(name, name, Palette.series(series), categories, values);
        Series.intervals(bars, values, low, high);
        return series(bars);
    }

    /** Returns this chart with one more set of bars, those at the highlighted places in another colour. */
    public Chart barsHighlighted(String name, List<String> categories, double[] values, Set<Integer> highlighted) {
        return barsHighlighted(name, categories, values, values, values, highlighted);
    }

    /**
     * Returns this chart with one more set of bars with their intervals, those at the highlighted places in another
     * colour; the legend calls them chosen.
     *
     * @param name what the bars measure
     * @param categories the names under the bars, for instance layers
     * @param values the heights; NaN is no bar
     * @param low the lower ends of the intervals
     * @param high the upper ends of the intervals
     * @param highlighted places in the list of categories, from 0
     */
    public Chart barsHighlighted(
            String name,
            List<String> categories,
            double[] values,
            double[] low,
            double[] high,
            Set<Integer> highlighted) {
        sameLength("values", values, "categories", categories.size());
        sameLength("low", low, "categories", categories.size());
        sameLength("high", high, "categories", categories.size());
        Chart chart = this;
        for (boolean chosen : new boolean[] {true, false}) {
            double[] part = Series.only(values, highlighted, chosen);
            String color = chosen ? Palette.CHOSEN : Palette.QUIET;
            String label = name + (chosen ? ": chosen" : ": not chosen");
            Map<String, Object> bars = Series.bars(label, name, color, categories, part);
            if (!Arrays.equals(low, values) || !Arrays.equals(high, values)) {
                Series.intervals(bars, part, low, high);
            }
            chart = chart.add(bars, series);
        }
        return chart.add(Map.of(), series + 1);
    }

    /**
     * Returns this chart with a dashed vertical line and a label, for instance at a boundary.
     *
     * @param x where it stands; on an axis of categories their number from 0, or halfway between two
     * @param label what it says
     */
    public Chart mark(double x, String label) {
        List<Object> moreShapes = new ArrayList<>(shapes);
        moreShapes.add(Json.object(
                "type",
                "line",
                "xref",
                "x",
                "yref",
                "paper",
                "x0",
                x,
                "x1",
                x,
                "y0",
                0,
                "y1",
                1,
                "line",
                Json.object("color", Palette.INK, "width", 1.5, "dash", "dash")));
        List<Object> moreLabels = new ArrayList<>(labels);
        moreLabels.add(Json.object(
                "x",
                x,
                "y",
                1,
                "xref",
                "x",
                "yref",
                "paper",
                "text",
                label,
                "showarrow",
                false,
                "xanchor",
                "left",
                "yanchor",
                "top",
                "xshift",
                4));
        return new Chart(title, note, across, up, traces, List.copyOf(moreShapes), List.copyOf(moreLabels), series);
    }

    /**
     * Returns this chart as a heat map, its numbers written into the cells and its first row on top.
     *
     * @param rows names of the rows
     * @param columns names of the columns
     * @param values one number a cell
     * @param low the value of the darkest colour
     * @param high the value of the lightest colour
     */
    public Chart heatMap(List<String> rows, List<String> columns, Matrix values, double low, double high) {
        if (values.rows() != rows.size() || values.columns() != columns.size()) {
            throw new IllegalArgumentException("values must be " + rows.size() + " x " + columns.size()
                    + " as the names are; got " + values.rows() + " x " + values.columns());
        }
        return axes(across, with(up, "autorange", "reversed")).series(Series.heatMap(rows, columns, values, low, high));
    }

    /** Returns this chart with the one sentence that says what it shows, for whoever sees no picture. */
    public Chart note(String sentence) {
        return new Chart(title, sentence, across, up, traces, shapes, labels, series);
    }

    /** Returns the figure, new on each call. */
    public Figure figure() {
        String sentence = note.isEmpty() ? title : note;
        return new PlotlyFigure(
                layout(sentence),
                title,
                axisTitle(across),
                axisTitle(up),
                sentence,
                traces.stream().map(PlotlyTrace::new).toArray(Trace[]::new));
    }

    private Map<String, Object> layout(String sentence) {
        long entries = traces.stream()
                .filter(trace -> !"heatmap".equals(trace.get("type")) && trace.get("showlegend") == null)
                .count();
        return Json.object(
                "title",
                Json.object("text", title),
                "autosize",
                true,
                "height",
                400,
                "margin",
                Json.object("l", 64, "r", 24, "t", entries > 1 ? 84 : 52, "b", 52),
                "xaxis",
                AxisWords.across(across, traces),
                "yaxis",
                AxisWords.up(up, traces),
                "barmode",
                "group",
                "bargroupgap",
                0.08,
                "showlegend",
                entries > 1,
                "legend",
                Json.object("orientation", "h", "x", 0, "y", 1.02, "yanchor", "bottom"),
                "shapes",
                shapes,
                "annotations",
                labels,
                "meta",
                Json.object("note", sentence));
    }

    private static String axisTitle(Map<String, Object> axis) {
        return axis.get("title") instanceof Map<?, ?> words ? String.valueOf(words.get("text")) : "";
    }

    private Chart axes(Map<String, Object> newAcross, Map<String, Object> newUp) {
        return new Chart(title, note, newAcross, newUp, traces, shapes, labels, series);
    }

    private Chart series(Map<String, Object> trace) {
        return add(trace, series + 1);
    }

    private Chart add(Map<String, Object> trace, int seriesNow) {
        List<Map<String, Object>> more = new ArrayList<>(traces);
        if (!trace.isEmpty()) {
            more.add(trace);
        }
        return new Chart(title, note, across, up, List.copyOf(more), shapes, labels, seriesNow);
    }

    private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }

    private static void sameLength(String name, double[] values, String other, int length) {
        if (values.length != length) {
            throw new IllegalArgumentException(
                    name + " must have as many values as " + other + ", " + length + "; got " + values.length);
        }
    }
}
