// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where values lie along one side of the picture: names side by side, or numbers on a linear or logarithmic scale. */
final class Axis {

    /**
     * A mark on the axis.
     *
     * @param at its place, in axis units
     * @param label what is written there
     */
    record Tick(double at, String label) {}

    private final Map<String, Integer> names;
    private final boolean logarithmic;
    private final boolean categories;
    private final List<Tick> ticks;
    private final String title;
    private final double low;
    private final double high;
    private double start;
    private double end;

    private Axis(
            Map<String, Integer> names,
            boolean categories,
            boolean logarithmic,
            double low,
            double high,
            List<Tick> ticks,
            String title) {
        this.names = names;
        this.categories = categories;
        this.logarithmic = logarithmic;
        this.low = low;
        this.high = high;
        this.ticks = ticks;
        this.title = title;
    }

    /**
     * Returns the axis that holds the given values.
     *
     * @param words what the layout says of it
     * @param values all that lies on it: texts are names, numbers are numbers
     * @param whole whether names and numbers need their whole slot, as bars and cells do
     * @param zero whether zero belongs to it
     * @param wanted about how many ticks
     */
    static Axis of(Map<String, Object> words, List<?> values, boolean whole, boolean zero, int wanted) {
        String title = Words.text(words, "", "title", "text");
        boolean named = "category".equals(words.get("type")) || values.stream().anyMatch(String.class::isInstance);
        if (named) {
            return named(words, values, title);
        }
        boolean logarithmic = "log".equals(words.get("type"));
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Object value : values) {
            double number = Words.number(value);
            double place = logarithmic ? Math.log10(number) : number;
            if (Double.isFinite(place)) {
                low = Math.min(low, place);
                high = Math.max(high, place);
            }
        }
        if (low > high) {
            low = 0;
            high = 1;
        }
        boolean fromZero = zero && !logarithmic;
        low = fromZero ? Math.min(0, low) : low;
        high = fromZero ? Math.max(0, high) : high;
        double room = high > low ? (high - low) * 0.05 : Math.max(Math.abs(high) * 0.1, 0.5);
        double lowEnd = fromZero && low == 0 ? 0 : low - room;
        double highEnd = fromZero && high == 0 ? 0 : high + room;
        if (whole && !fromZero) {
            double slot = slot(values);
            lowEnd = low - slot / 2;
            highEnd = high + slot / 2;
        }
        List<?> range = Words.list(words, "range");
        if (range.size() == 2 && range.get(0) instanceof Number from && range.get(1) instanceof Number to) {
            lowEnd = from.doubleValue();
            highEnd = to.doubleValue();
        }
        boolean turned = lowEnd > highEnd || "reversed".equals(words.get("autorange"));
        double bottom = Math.min(lowEnd, highEnd);
        double top = Math.max(lowEnd, highEnd);
        double step = Words.number(words, 0, "dtick");
        List<Tick> ticks = logarithmic ? Ticks.logarithmic(bottom, top) : Ticks.linear(bottom, top, wanted, step);
        return new Axis(Map.of(), false, logarithmic, turned ? top : bottom, turned ? bottom : top, ticks, title);
    }

    private static Axis named(Map<String, Object> words, List<?> values, String title) {
        Map<String, Integer> names = new LinkedHashMap<>();
        for (Object value : values) {
            if (value != null) {
                names.putIfAbsent(name(value), names.size());
            }
        }
        List<Tick> ticks = new ArrayList<>();
        names.forEach((name, place) -> ticks.add(new Tick(place, name)));
        boolean turned = "reversed".equals(words.get("autorange"));
        double last = Math.max(1, names.size()) - 0.5;
        return new Axis(names, true, false, turned ? last : -0.5, turned ? -0.5 : last, ticks, title);
    }

    private static String name(Object value) {
        return value instanceof Double number ? Ticks.label(number, 0) : String.valueOf(value);
    }

    /** Returns the smallest distance between neighbours: the room a bar has. */
    static double slot(List<?> values) {
        double[] sorted = values.stream()
                .mapToDouble(Words::number)
                .filter(Double::isFinite)
                .distinct()
                .sorted()
                .toArray();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < sorted.length; i++) {
            least = Math.min(least, sorted[i] - sorted[i - 1]);
        }
        return Double.isFinite(least) ? least : 1;
    }

    /** Lays the axis between two pixels. */
    Axis between(double startPixel, double endPixel) {
        start = startPixel;
        end = endPixel;
        return this;
    }

    /** Returns the place of a value in axis units, NaN when it has none. */
    double place(@Nullable Object value) {
        if (value == null) {
            return Double.NaN;
        }
        if (categories) {
            Integer place = names.get(name(value));
            return place == null ? Double.NaN : place;
        }
        double number = Words.number(value);
        return logarithmic ? Math.log10(number) : number;
    }

    /** Returns the pixel of a place in axis units. */
    double pixel(double place) {
        return start + (place - low) / (high - low) * (end - start);
    }

    /** Returns the pixel of a value, NaN when it has none. */
    double at(@Nullable Object value) {
        return pixel(place(value));
    }

    /** Returns the pixel at which bars stand: zero, or the end of the axis that is nearest to it. */
    double floor() {
        double least = Math.min(low, high);
        return pixel(logarithmic ? least : Math.max(least, Math.min(Math.max(low, high), 0)));
    }

    boolean categories() {
        return categories;
    }

    List<Tick> ticks() {
        return ticks;
    }

    String title() {
        return title;
    }
}
