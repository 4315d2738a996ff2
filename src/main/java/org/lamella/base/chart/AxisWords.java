// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Plotly should know about an axis, read from the data that stand on it. */
final class AxisWords {

    private static final int MOST_SINGLE_TICKS = 24;

    private AxisWords() {}

    /** Names are categories even where they look like numbers; a few whole numbers get one tick each. */
    static Map<String, Object> across(Map<String, Object> given, List<Map<String, Object>> traces) {
        Map<String, Object> axis = new LinkedHashMap<>(given);
        axis.put("automargin", true);
        if (traces.stream().anyMatch(AxisWords::named)) {
            axis.put("type", "category");
        } else if (fewWholeNumbers(traces)) {
            axis.put("dtick", 1);
        }
        return axis;
    }

    static Map<String, Object> up(Map<String, Object> given, List<Map<String, Object>> traces) {
        Map<String, Object> axis = new LinkedHashMap<>(given);
        axis.put("automargin", true);
        if (traces.stream().anyMatch(trace -> "heatmap".equals(trace.get("type")))) {
            axis.put("type", "category");
        }
        return axis;
    }

    private static boolean named(Map<String, Object> trace) {
        return !"scatter".equals(trace.get("type"));
    }

    private static boolean fewWholeNumbers(List<Map<String, Object>> traces) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Map<String, Object> trace : traces) {
            for (Object place : (List<?>) trace.getOrDefault("x", List.of())) {
                if (!(place instanceof Double x) || x != Math.rint(x)) {
                    return false;
                }
                low = Math.min(low, x);
                high = Math.max(high, x);
            }
        }
        return high - low <= MOST_SINGLE_TICKS;
    }
}
