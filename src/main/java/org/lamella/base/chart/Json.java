// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps and lists as JSON that is also safe inside a script: what is no number becomes null. */
final class Json {

    // its default escapes <, > and ', so that no text can end a script element
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();

    private Json() {}

    /** Returns a map of names and values in the given order. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** Returns the numbers as a list in which null stands for what is not finite. */
    static List<@Nullable Object> numbers(double... values) {
        List<@Nullable Object> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(Double.isFinite(value) ? (Object) value : null);
        }
        return list;
    }

    static String text(Object value) {
        return GSON.toJson(value);
    }
}
