// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Plotly's words out of nested maps; what is absent or of another kind is the fallback. */
final class Words {

    private Words() {}

    static @Nullable Object at(Map<String, Object> words, String... path) {
        Object found = words;
        for (String name : path) {
            if (!(found instanceof Map<?, ?> map)) {
                return null;
            }
            found = map.get(name);
        }
        return found;
    }

    static String text(Map<String, Object> words, String fallback, String... path) {
        return at(words, path) instanceof String text ? text : fallback;
    }

    static double number(Map<String, Object> words, double fallback, String... path) {
        return at(words, path) instanceof Number number ? number.doubleValue() : fallback;
    }

    static List<?> list(Map<String, Object> words, String... path) {
        return at(words, path) instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked") // the reader makes maps of names only
    static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Returns the number, or NaN when there is none. */
    static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }
}
