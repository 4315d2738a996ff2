// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import java.util.Map;
import tech.tablesaw.plotly.components.HoverLabel;
import tech.tablesaw.plotly.traces.Trace;

/** A trace in Plotly's own words, for what jsplot's traces cannot say: error bars, bands, cell texts. */
final class PlotlyTrace implements Trace {

    private final Map<String, Object> words;

    PlotlyTrace(Map<String, Object> words) {
        this.words = words;
    }

    @Override
    public String asJavascript(int i) {
        return "var trace" + i + " =\n" + Json.text(words) + ";";
    }

    @Override
    public String name() {
        return String.valueOf(words.getOrDefault("name", ""));
    }

    @Override
    public HoverLabel hoverLabel() {
        return HoverLabel.builder().build();
    }

    @Override
    public boolean showLegend() {
        return !Boolean.FALSE.equals(words.get("showlegend"));
    }
}
