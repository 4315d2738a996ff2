// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Mends what jsplot says in words that Plotly 3 no longer hears. */
final class Repairs {

    private static final List<String> LOGICAL = List.of("autorange", "showlegend", "visible");

    private Repairs() {}

    /** Titles became objects in Plotly 3, with their font inside; truths became truths. */
    static void titles(Map<String, Object> words) {
        if (words.get("title") instanceof String title) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("text", title);
            Object font = words.remove("titlefont");
            if (font != null) {
                object.put("font", font);
            }
            words.put("title", object);
        }
        for (Map.Entry<String, Object> entry : words.entrySet()) {
            Object value = entry.getValue();
            if (LOGICAL.contains(entry.getKey()) && ("true".equals(value) || "false".equals(value))) {
                entry.setValue("true".equals(value));
            } else if (value instanceof Map<?, ?>) {
                titles(Words.map(value));
            }
        }
    }

    /** Numbers that jsplot wrote as texts become numbers, unless they are the names of categories. */
    static void numbers(Map<String, Object> trace, Map<String, Object> layout) {
        if (trace.get("opacity") instanceof String opacity) {
            trace.put("opacity", Double.valueOf(opacity));
        }
        Object visible = trace.get("visible");
        if ("true".equals(visible) || "false".equals(visible)) {
            trace.put("visible", "true".equals(visible));
        }
        for (Map.Entry<String, Object> entry : trace.entrySet()) {
            if (entry.getValue() instanceof List<?> list && !named(entry.getKey(), layout)) {
                entry.setValue(repaired(list));
            }
        }
    }

    private static boolean named(String part, Map<String, Object> layout) {
        return part.equals("text")
                || part.equals("labels")
                || "category".equals(Words.at(layout, part + "axis", "type"));
    }

    private static List<?> repaired(List<?> list) {
        List<@Nullable Object> numbers = new ArrayList<>(list.size());
        boolean any = false;
        for (Object value : list) {
            if (value instanceof String text) {
                Double number = number(text);
                if (number == null) {
                    return list;
                }
                any = true;
                numbers.add(Double.isFinite(number) ? number : null);
            } else {
                numbers.add(value);
            }
        }
        return any ? numbers : list;
    }

    private static @Nullable Double number(String text) {
        if (text.equals("null")) {
            return Double.NaN; // how jsplot writes what is missing
        }
        if (!text.matches("[-+]?(NaN|Infinity|[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?|[0-9]+\\.)")) {
            return null;
        }
        return Double.valueOf(text);
    }
}
