// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The functions that Jinja and transformers give to chat templates. */
final class JinjaFunctions {

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

    private static final int LONGEST_RANGE = 100_000; // as Jinja's sandbox

    private JinjaFunctions() {}

    /** Returns a frame with the functions alone. */
    static Frame frame() {
        Frame frame = Frame.outermost();
        for (String other : List.of("lipsum", "cycler")) {
            frame.set(other, Callable.unknown(other));
        }
        function(frame, "raise_exception", given -> {
            throw new Refusal(
                    Printed.text(given.bound("raise_exception", "message").required(0)), true);
        });
        function(frame, "strftime_now", given -> {
            LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault()); // the machine's place, as in Python
            return time(now, given.bound("strftime_now", "format").text(0));
        });
        function(frame, "range", JinjaFunctions::range);
        function(frame, "dict", JinjaFunctions::map);
        function(frame, "namespace", given -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            map(given).forEach((name, value) -> fields.put(Printed.text(name), value));
            return new Namespace(fields);
        });
        function(frame, "joiner", given -> {
            Object between = given.bound("joiner", "sep").at(0, ", ");
            AtomicBoolean used = new AtomicBoolean();
            return new Callable("joiner", call -> used.getAndSet(true) ? between : "");
        });
        return frame;
    }

    private static void function(Frame frame, String name, Callable.Body body) {
        frame.set(name, new Callable(name, body));
    }

    private static Object range(Given given) {
        Given.Bound bound = given.bound("range", "start", "stop", "step");
        boolean one = bound.at(1).isEmpty();
        bound.required(0);
        long from = one ? 0 : bound.whole(0, 0);
        long to = bound.whole(one ? 0 : 1, 0);
        long step = bound.whole(2, 1);
        if (step == 0) {
            throw new Refusal("range() arg 3 must not be zero");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            numbers.add(BigInteger.valueOf(i));
            if (numbers.size() > LONGEST_RANGE) {
                throw new Refusal("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
            }
        }
        return new View("range", numbers, true);
    }

    private static Map<Object, Object> map(Given given) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object values : given.values()) {
            if (!(values instanceof Map<?, ?> entries) || given.values().size() > 1) {
                throw Refusal.unknown("dict() of what is not a map");
            }
            map.putAll(entries);
        }
        map.putAll(given.named());
        return map;
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
                throw new Refusal("time must be told by %" + DATE.keySet() + "; got %" + next);
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
