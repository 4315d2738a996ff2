// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes values as Python's {@code json.dumps} does.
 *
 * @param ascii whether other letters are written by their numbers
 * @param indent what a line begins with, once for each bracket that is open; none for all in one line
 * @param comma between entries
 * @param colon between a key and its value
 * @param sorted whether keys are sorted
 */
record Json(boolean ascii, Optional<String> indent, String comma, String colon, boolean sorted) {

    static String filter(Object value, Given given) {
        Given.Bound bound = given.bound("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        Optional<String> indent = bound.at(1).filter(step -> step != None.NONE).map(Json::step);
        String comma = indent.isPresent() ? "," : ", ";
        String colon = ": ";
        Object separators = bound.at(2, None.NONE);
        if (separators != None.NONE) {
            List<Object> both = Values.list(separators);
            comma = Printed.text(both.get(0));
            colon = Printed.text(both.get(1));
        }
        return new Json(bound.truth(0), indent, comma, colon, bound.truth(3)).text(value, "\n");
    }

    private static String step(Object indent) {
        BigInteger spaces = Values.whole(indent);
        return spaces == null ? Printed.text(indent) : " ".repeat(Math.max(0, Values.small(spaces)));
    }

    // line: what a new line begins with where it is
    private String text(Object value, String line) {
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            List<Object> keys = new ArrayList<>(map.keySet());
            if (sorted) {
                keys.sort((a, b) -> Order.compare(a, b, "<"));
            }
            for (Object key : keys) {
                Object entry = Objects.requireNonNull(map.get(key));
                entries.add(quoted(name(key)) + colon + text(entry, line + indent.orElse("")));
            }
            return all("{", entries, "}", line);
        }
        if (value instanceof List || value instanceof Tuple) {
            List<String> entries = Values.list(value).stream()
                    .map(entry -> text(entry, line + indent.orElse("")))
                    .toList();
            return all("[", entries, "]", line);
        }
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof Boolean || value instanceof None) {
            return value instanceof None ? "null" : value.toString();
        }
        if (value instanceof Double number) {
            return Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Printed.real(number);
        }
        if (value instanceof BigInteger) {
            return value.toString();
        }
        throw new Refusal("Object of type " + Values.kind(value) + " is not JSON serializable");
    }

    private static String name(Object key) {
        if (key instanceof String text) {
            return text;
        }
        if (key instanceof Tuple) {
            throw new Refusal("keys must be str, int, float, bool or None, not tuple");
        }
        return key instanceof None ? "null" : Printed.text(key);
    }

    private String all(String begin, List<String> entries, String end, String line) {
        if (entries.isEmpty()) {
            return begin + end;
        }
        return indent.isEmpty()
                ? begin + String.join(comma, entries) + end
                : begin + line + indent.get() + String.join(comma + line + indent.get(), entries) + line + end;
    }

    private String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\f' -> quoted.append("\\f");
                case '\b' -> quoted.append("\\b");
                default -> {
                    if (letter < ' ' || (ascii && letter > '~')) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
                    } else {
                        quoted.append(letter);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
