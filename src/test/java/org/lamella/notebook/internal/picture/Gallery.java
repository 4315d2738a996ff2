// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.lamella.base.Matrix;
import org.lamella.base.Seed;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.api.AreaPlot;
import tech.tablesaw.plotly.api.BoxPlot;
import tech.tablesaw.plotly.api.BubblePlot;
import tech.tablesaw.plotly.api.HorizontalBarPlot;
import tech.tablesaw.plotly.api.LinePlot;
import tech.tablesaw.plotly.api.PiePlot;
import tech.tablesaw.plotly.api.Scatter3DPlot;
import tech.tablesaw.plotly.api.ScatterPlot;
import tech.tablesaw.plotly.api.VerticalBarPlot;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.BarTrace;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.HistogramTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;
import tech.tablesaw.plotly.traces.ViolinTrace;

/** Every kind of figure that we draw, ours and jsplot's, by name. */
final class Gallery {

    private static final List<String> LAYERS = List.of("0", "1", "2", "3", "4", "5");

    private Gallery() {}

    static Map<String, Figure> figures() {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.putAll(ours());
        figures.putAll(theirs());
        return figures;
    }

    private static Map<String, Figure> ours() {
        Map<String, Figure> figures = new LinkedHashMap<>();
        double[] cka = {0.62, 0.88, 0.93, 0.95, 0.91, 0.71};
        double[] low = {0.58, 0.86, 0.92, 0.94, 0.89, 0.66};
        double[] high = {0.66, 0.9, 0.94, 0.96, 0.93, 0.75};
        Chart layers = Chart.titled("How much each layer changes the representation")
                .horizontal("layer")
                .vertical("CKA of input and output");
        figures.put(
                "highlighted",
                layers.barsHighlighted("CKA", LAYERS, cka, low, high, Set.of(0, 4, 5))
                        .note("Layers 0, 4 and 5 change the representation most.")
                        .figure());
        figures.put(
                "grouped",
                Chart.titled("Accuracy & F1 <by adapter>")
                        .vertical("share of documents")
                        .verticalRange(0, 1)
                        .bars(
                                "accuracy",
                                List.of("CKA half", "all layers", "other half"),
                                new double[] {0.91, 0.93, 0.85},
                                new double[] {0.89, 0.91, 0.82},
                                new double[] {0.93, 0.95, 0.88})
                        .bars("macro F1", List.of("CKA half", "all layers", "other half"), new double[] {
                            0.81, Double.NaN, 0.7
                        })
                        .figure());
        double[] kept = IntStream.rangeClosed(0, 12).asDoubleStream().toArray();
        double[] loss = IntStream.rangeClosed(0, 12)
                .mapToDouble(b -> 0.3 + 1.8 * Math.exp(-b / 3.0))
                .toArray();
        figures.put(
                "sweep",
                Chart.titled("Loss when adapters above the boundary are switched off")
                        .horizontal("layers kept")
                        .vertical("cross-entropy")
                        .band("loss", kept, loss, scaled(loss, 0.85), scaled(loss, 1.15))
                        .band("other", kept, scaled(loss, 1.5), scaled(loss, 1.4), scaled(loss, 1.6))
                        .mark(5, "boundary")
                        .mark(11.5, "nearly all layers")
                        .figure());
        Seed seed = new Seed(1);
        double[] steps = IntStream.range(0, 400).asDoubleStream().toArray();
        var random = seed.child("loss").random();
        double[] losses = IntStream.range(0, 400)
                .mapToDouble(i -> i == 100 ? Double.NaN : 2 * Math.exp(-i / 90.0) + 0.2 * random.nextDouble())
                .toArray();
        figures.put(
                "loss",
                Chart.titled("Loss")
                        .horizontal("step")
                        .line("loss", steps, losses)
                        .figure());
        figures.put(
                "points",
                Chart.titled("Points")
                        .points("a", new double[] {0.001, 0.002}, new double[] {1e-6, 3e-6})
                        .points("b", new double[] {0.0015}, new double[] {2e-6})
                        .points("c", new double[] {0.0012}, new double[] {2e-6})
                        .points("d", new double[] {0.0013}, new double[] {2e-6})
                        .points("e", new double[] {0.0014}, new double[] {2e-6})
                        .points("f", new double[] {0.0016}, new double[] {2e-6})
                        .points("g", new double[] {0.0017}, new double[] {2e-6})
                        .figure());
        double[] cells = IntStream.range(0, 49)
                .mapToDouble(i -> i == 5 ? Double.NaN : Math.exp(-Math.abs(i / 7 - i % 7) / 4.0))
                .toArray();
        List<String> names = List.of("embedding", "0", "1", "2", "3", "4", "5");
        figures.put(
                "heatmap",
                Chart.titled("Every layer against every layer")
                        .horizontal("layer")
                        .vertical("layer")
                        .heatMap(names, names, Matrix.of(7, 7, cells), 0, 1)
                        .figure());
        figures.put("empty", Chart.titled("Nothing yet").figure());
        return figures;
    }

    private static Map<String, Figure> theirs() {
        Table table = Table.create("documents")
                .addColumns(
                        StringColumn.create("topic", "earn", "acq", "crude", "trade's <b>"),
                        DoubleColumn.create("count", 2840, 1596, 253, 251),
                        DoubleColumn.create("length", 61.5, 92.25, 120, Double.NaN),
                        DoubleColumn.create("depth", 1, 2, 3, 4));
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("vertical bars", VerticalBarPlot.create("Documents by topic", table, "topic", "count"));
        figures.put(
                "stacked bars",
                VerticalBarPlot.create("Stacked", table, "topic", Layout.BarMode.STACK, "count", "length"));
        figures.put("horizontal bars", HorizontalBarPlot.create("Documents by topic", table, "topic", "count"));
        figures.put("line", LinePlot.create("Line", table, "depth", "length"));
        figures.put("scatter", ScatterPlot.create("Scatter", table, "depth", "count"));
        figures.put("grouped scatter", ScatterPlot.create("Scatter", table, "depth", "count", "topic"));
        figures.put("area", AreaPlot.create("Area", table, "depth", "count"));
        figures.put("pie", PiePlot.create("Pie", table, "topic", "count"));
        figures.put("box", BoxPlot.create("Box", table, "topic", "count"));
        figures.put("bubble", BubblePlot.create("Bubble", table, "depth", "count", "depth"));
        figures.put("space", Scatter3DPlot.create("Space", table, "depth", "count", "length"));
        figures.put(
                "histogram",
                new Figure(
                        Layout.builder("Lengths").build(),
                        HistogramTrace.builder(IntStream.range(0, 100)
                                        .mapToDouble(i -> i * i / 100.0)
                                        .toArray())
                                .build()));
        figures.put(
                "logarithmic",
                new Figure(
                        Layout.builder("Logarithmic")
                                .yAxis(Axis.builder()
                                        .type(Axis.Type.LOG)
                                        .title("loss")
                                        .build())
                                .build(),
                        ScatterTrace.builder(new double[] {1, 2, 3, 4}, new double[] {1000, 50, 2, 0.1})
                                .mode(ScatterTrace.Mode.LINE_AND_MARKERS)
                                .build()));
        figures.put(
                "plain heatmap",
                new Figure(HeatmapTrace.builder(
                                new Object[] {"a", "b"}, new Object[] {"c", "d"}, new double[][] {{1, 2}, {3, 4}})
                        .build()));
        figures.put(
                "violin",
                new Figure(ViolinTrace.builder(new Object[] {"a", "a"}, new double[] {1, 2})
                        .build()));
        figures.put(
                "no layout",
                new Figure(BarTrace.builder(new Object[] {"a", "b"}, new double[] {1, -2})
                        .build()));
        return figures;
    }

    private static double[] scaled(double[] values, double factor) {
        return java.util.Arrays.stream(values).map(value -> value * factor).toArray();
    }
}
