// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes values as Python's {@code json.dumps} does, on one line. */
final class JsonFilter implements Filter {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    @Override
    public String getName() {
        return "tojson";
    }

    @Override
    public Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... options) {
        if (options.length > 0) {
            throw new IllegalArgumentException("tojson must have no options here; got " + String.join(", ", options));
        }
        return text(value);
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            StringJoiner entries = new StringJoiner(", ", "{", "}");
            map.forEach((key, entry) -> entries.add(GSON.toJson(String.valueOf(key)) + ": " + text(entry)));
            return entries.toString();
        }
        if (value instanceof Iterable<?> list) {
            StringJoiner entries = new StringJoiner(", ", "[", "]");
            list.forEach(entry -> entries.add(text(entry)));
            return entries.toString();
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return GSON.toJson(value.toString());
    }
}
