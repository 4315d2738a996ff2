// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.traces.Trace;

/** A figure in the forms in which it is shown: Plotly's JSON, SVG, PNG, and one sentence. Immutable. */
public final class Picture {

    // its default escapes <, > and ', so that no text can end a script element
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private final List<Map<String, Object>> traces;
    private final Map<String, Object> layout;
    private final String svg;

    private Picture(List<Map<String, Object>> traces, Map<String, Object> layout) {
        this.traces = traces;
        this.layout = layout;
        this.svg = SvgPicture.draw(this);
    }

    /** Returns the picture of a figure, ours or one that a person made with jsplot. */
    public static Picture of(Figure figure) {
        Map<String, Object> layout = ScriptReader.objectAfter(layoutScript(figure), "var layout");
        Repairs.titles(layout);
        List<Map<String, Object>> traces = new ArrayList<>();
        Trace[] given = figure.getTraces();
        for (int i = 0; given != null && i < given.length; i++) {
            Map<String, Object> trace = ScriptReader.objectAfter(given[i].asJavascript(i), "var trace");
            Repairs.numbers(trace, layout);
            traces.add(trace);
        }
        return new Picture(List.copyOf(traces), layout);
    }

    // a chart of ours carries more in its page than jsplot's layout can hold
    private static String layoutScript(Figure figure) {
        return figure.getLayout() == null ? "" : figure.asJavascript("here");
    }

    /** Returns the figure as Plotly reads it, {@code data} and {@code layout}: plain maps and lists in a fixed order. */
    public Map<String, Object> words() {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("data", traces);
        words.put("layout", layout);
        return words;
    }

    /** Returns the figure as JSON that may stand inside a script element. */
    public String json() {
        return GSON.toJson(words());
    }

    /** Returns the figure as an SVG document on white ground. */
    public String svg() {
        return svg;
    }

    /** Returns the figure as a PNG of twice its size, or nothing where this machine cannot write text on pictures. */
    public Optional<byte[]> png() {
        return PngPicture.of(svg, width(), height());
    }

    /** Returns the width in CSS pixels. */
    public int width() {
        return (int) Math.min(1600, Math.max(200, Words.number(layout, 720, "width")));
    }

    /** Returns the height in CSS pixels. */
    public int height() {
        return (int) Math.min(1600, Math.max(120, Words.number(layout, 400, "height")));
    }

    /** Returns one sentence that says what is to be seen: the chart's own note, else its title and kinds of traces. */
    public String sentence() {
        String note = Words.text(layout, "", "meta", "note");
        if (!note.isEmpty()) {
            return note;
        }
        String title = title();
        String kinds = traces.stream()
                .map(trace -> Words.text(trace, "scatter", "type"))
                .distinct()
                .collect(Collectors.joining(", "));
        String count = traces.size() == 1 ? "1 trace" : traces.size() + " traces";
        return "Chart" + (title.isEmpty() ? "" : " \"" + title + "\"") + " of " + count
                + (kinds.isEmpty() ? "" : " (" + kinds + ")") + ".";
    }

    String title() {
        return Words.text(layout, "", "title", "text");
    }

    List<Map<String, Object>> traces() {
        return traces;
    }

    Map<String, Object> layout() {
        return layout;
    }
}
