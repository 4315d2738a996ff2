// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import java.util.Map;
import tech.tablesaw.plotly.components.Axis;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.Trace;

/** A jsplot figure whose layout may hold what jsplot's layout cannot say: shapes, annotations, a note. */
final class PlotlyFigure extends Figure {

    private final Map<String, Object> layout;
    private final String note;

    PlotlyFigure(
            Map<String, Object> layout,
            String title,
            String horizontal,
            String vertical,
            String note,
            Trace... traces) {
        super(plain(title, horizontal, vertical), traces);
        this.layout = layout;
        this.note = note;
    }

    // what a reader of getLayout() finds; the page is written from the richer one
    private static Layout plain(String title, String horizontal, String vertical) {
        return Layout.builder(title)
                .xAxis(Axis.builder().title(horizontal).build())
                .yAxis(Axis.builder().title(vertical).build())
                .build();
    }

    @Override
    protected void buildContext(String divName) {
        super.buildContext(divName);
        StringBuilder figure = new StringBuilder("var layout = " + Json.text(layout) + ";\n");
        Trace[] traces = getTraces();
        for (int i = 0; i < traces.length; i++) {
            figure.append(traces[i].asJavascript(i)).append('\n');
        }
        getContext().put("figure", figure.toString());
    }

    /** Returns the note: one sentence that says what the picture shows. */
    @Override
    public String toString() {
        return note;
    }
}
