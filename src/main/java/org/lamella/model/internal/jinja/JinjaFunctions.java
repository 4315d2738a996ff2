// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions that transformers gives to chat templates. Public because jinjava calls them. */
public final class JinjaFunctions {

    private static final ThreadLocal<List<String>> RAISED = ThreadLocal.withInitial(ArrayList::new);

    // Python's letters of a date and Java's
    private static final Map<Character, String> DATE = Map.ofEntries(
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('d', "dd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('j', "DDD"),
            Map.entry('m', "MM"),
            Map.entry('M', "mm"),
            Map.entry('p', "a"),
            Map.entry('S', "ss"),
            Map.entry('y', "yy"),
            Map.entry('Y', "yyyy"));

    private JinjaFunctions() {}

    /** Refuses what is to be rendered. */
    public static String raiseException(String message) {
        RAISED.get().add(message);
        throw new IllegalArgumentException(message);
    }

    /** Returns what was refused in this thread. */
    static List<String> raised() {
        return RAISED.get();
    }

    /** Returns the time now in Python's format, for instance {@code %d %b %Y}. */
    public static String timeNow(String format) {
        return time(
                LocalDateTime.now(ZoneId.systemDefault()),
                format); // on purpose the time of the machine's place, as in Python
    }

    static String time(LocalDateTime time, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char letter = format.charAt(i);
            if (letter != '%' || i + 1 == format.length()) {
                text.append(letter);
                continue;
            }
            char next = format.charAt(++i);
            String pattern = DATE.get(next);
            if (pattern == null && next != '%') {
                throw new IllegalArgumentException("time must be told by %" + DATE.keySet() + "; got %" + next);
            }
            text.append(
                    pattern == null
                            ? "%"
                            : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                                    .format(time));
        }
        return text.toString();
    }
}
