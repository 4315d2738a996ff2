// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names the series in one or more rows under the title. */
final class Legend {

    private record Entry(String name, String color, boolean line, String symbol) {

        double width() {
            return 26 + Svg.width(name, 12) + 16;
        }
    }

    private final List<Entry> entries;

    private Legend(List<Entry> entries) {
        this.entries = entries;
    }

    static Legend of(Picture picture, List<Map<String, Object>> traces) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < traces.size(); i++) {
            Map<String, Object> trace = traces.get(i);
            String kind = Words.text(trace, "scatter", "type");
            String name = PlaneLayer.shortened(Words.text(trace, "trace " + i, "name"));
            if (kind.equals("heatmap") || kind.equals("box") || Boolean.FALSE.equals(trace.get("showlegend"))) {
                continue;
            }
            String mode = Words.text(trace, "lines", "mode");
            boolean line = kind.equals("scatter") && mode.contains("lines");
            String symbol = kind.equals("scatter")
                    ? mode.contains("markers") ? Words.text(trace, "circle", "marker", "symbol") : ""
                    : "square";
            entries.add(new Entry(name, Style.opaque(Style.color(trace, i)), line, symbol));
        }
        boolean shown = picture.layout().get("showlegend") instanceof Boolean wanted ? wanted : entries.size() > 1;
        return new Legend(shown ? entries : List.of());
    }

    int rows(double width) {
        int rows = entries.isEmpty() ? 0 : 1;
        double x = 0;
        for (Entry entry : entries) {
            if (x > 0 && x + entry.width() > width) {
                rows++;
                x = 0;
            }
            x += entry.width();
        }
        return rows;
    }

    void draw(Svg svg, double left, double top, double width) {
        double x = 0;
        double y = top;
        for (Entry entry : entries) {
            if (x > 0 && x + entry.width() > width) {
                y += 20;
                x = 0;
            }
            if (entry.line()) {
                svg.line(left + x, y - 4, left + x + 20, y - 4, entry.color(), 2, "");
            }
            if (!entry.symbol().isEmpty()) {
                double size = entry.line() ? 3 : 5;
                Symbols.draw(svg, entry.symbol(), left + x + 10, y - 4, size, entry.color(), 1);
            }
            svg.text(left + x + 26, y, entry.name(), "start", 12, Svg.INK, 0);
            x += entry.width();
        }
    }
}
