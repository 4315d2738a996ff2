// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What stands after a dot or in square brackets. */
final class Fields {

    private static final Set<String> CHANGING = Set.of(
            "append",
            "clear",
            "extend",
            "insert",
            "pop",
            "popitem",
            "remove",
            "reverse",
            "setdefault",
            "sort",
            "update");
    private static final Set<String> OF_NUMBERS = Set.of(
            "as_integer_ratio",
            "bit_count",
            "bit_length",
            "conjugate",
            "denominator",
            "fromhex",
            "from_bytes",
            "hex",
            "imag",
            "is_integer",
            "numerator",
            "real",
            "to_bytes");
    private static final Set<String> OF_MAPS = Set.of("copy", "fromkeys", "get", "items", "keys", "values");
    private static final Set<String> OF_LISTS = Set.of("copy", "count", "index");

    private Fields() {}

    /** Returns {@code value.name}: a method, or else an entry. */
    static Object named(Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        if (name.startsWith("_") && !(value instanceof Map<?, ?> map && map.containsKey(name))) {
            return new Undefined(
                    "access to attribute '" + name + "' of '" + Values.kind(value) + "' object is unsafe.");
        }
        if (value instanceof Map<?, ?> map && OF_MAPS.contains(name)) {
            return new Callable(name, given -> ofMap(map, name, given));
        }
        if (value instanceof Map<?, ?> map && map.containsKey(name) && !CHANGING.contains(name)) {
            return Objects.requireNonNull(map.get(name));
        }
        if (value instanceof String text && TextMethods.has(name)) {
            return new Callable(name, given -> TextMethods.of(text, name, given));
        }
        boolean list = value instanceof List;
        if ((list || (value instanceof Tuple && !name.equals("copy"))) && OF_LISTS.contains(name)) {
            return new Callable(name, given -> ofList(Values.list(value), name, given));
        }
        if ((list || value instanceof Map) && CHANGING.contains(name)) {
            return new Undefined(
                    "access to attribute '" + name + "' of '" + Values.kind(value) + "' object is unsafe.");
        }
        if (value instanceof Namespace namespace && namespace.fields().containsKey(name)) {
            return Objects.requireNonNull(namespace.fields().get(name));
        }
        if (value instanceof Loop loop) {
            return loop.field(name);
        }
        boolean odd =
                value instanceof Callable || value instanceof View || value instanceof Once || value instanceof Markup;
        if (odd || (Values.number(value) && OF_NUMBERS.contains(name))) {
            throw Refusal.unknown("field '" + name + "' of " + Values.kind(value));
        }
        String what = value instanceof None ? "'None'" : "'" + Values.kind(value) + " object'";
        return new Undefined(what + " has no attribute '" + name + "'");
    }

    /** Returns {@code value[key]}: an entry, or else a method. */
    static Object entry(Object value, Object key) {
        if (value instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        if (value instanceof Map<?, ?> map) {
            boolean hashable = !(key instanceof Map || key instanceof List);
            Object entry = hashable ? map.get(Values.key(key)) : null;
            if (entry != null) {
                return entry;
            }
        } else if (Values.isWhole(key) && Values.hasLength(value)) {
            return placed(value, Values.small(Values.asWhole(key)));
        }
        if (key instanceof String name) {
            return named(value, name);
        }
        if (value instanceof Loop || value instanceof View || value instanceof Markup) {
            throw Refusal.unknown("an entry of " + Values.kind(value));
        }
        return new Undefined("'" + Values.kind(value) + " object' has no attribute " + Printed.quoted(key));
    }

    private static Object placed(Object value, int place) {
        if (value instanceof Markup || (value instanceof View view && !view.indexed())) {
            throw Refusal.unknown("an entry of " + Values.kind(value));
        }
        List<Object> list = Values.list(value);
        int from = place < 0 ? place + list.size() : place;
        return from >= 0 && from < list.size()
                ? list.get(from)
                : new Undefined(Values.kind(value) + " object has no element " + place);
    }

    /** Returns {@code value[from:to:step]}, where {@link None} stands for what is left out. */
    static Object slice(Object value, Object from, Object to, Object step) {
        if (value instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        if (!(value instanceof String || value instanceof List || value instanceof Tuple)) {
            throw value instanceof View || value instanceof Markup || value instanceof Loop
                    ? Refusal.unknown("a slice of " + Values.kind(value))
                    : new Undefined("'" + Values.kind(value) + " object' cannot be sliced").refusal();
        }
        List<Object> list = Values.list(value);
        int by = bound(step, 1);
        if (by == 0) {
            throw new Refusal("slice step cannot be zero");
        }
        int size = list.size();
        int low = by > 0 ? 0 : -1;
        int high = by > 0 ? size : size - 1;
        int at = from == None.NONE ? (by > 0 ? low : high) : within(bound(from, 0), size, low, high);
        int end = to == None.NONE ? (by > 0 ? high : low) : within(bound(to, 0), size, low, high);
        List<Object> some = new ArrayList<>();
        for (long i = at; by > 0 ? i < end : i > end; i += by) {
            some.add(list.get((int) i));
        }
        if (value instanceof String) {
            return String.join("", some.stream().map(Printed::text).toList());
        }
        return value instanceof Tuple ? new Tuple(some) : some;
    }

    private static int within(int place, int size, int low, int high) {
        return Math.max(low, Math.min(high, place < 0 ? place + size : place));
    }

    private static int bound(Object value, int otherwise) {
        if (value == None.NONE) {
            return otherwise;
        }
        if (Values.isWhole(value)) {
            BigInteger most = BigInteger.valueOf(Integer.MAX_VALUE / 2);
            return Values.asWhole(value).min(most).max(most.negate()).intValue();
        }
        throw new Refusal("slice indices must be integers or None");
    }

    private static Object ofMap(Map<?, ?> map, String method, Given given) {
        List<Object> keys = Values.list(map);
        if (method.equals("get")) {
            Given.Bound bound = given.bound("get", "key", "default");
            Object found = map.get(Values.key(bound.required(0)));
            return found == null ? bound.at(1, None.NONE) : found;
        }
        if (method.equals("fromkeys")) {
            throw Refusal.unknown("'fromkeys'");
        }
        given.bound(method);
        return switch (method) {
            case "keys" -> new View("dict_keys", keys, false);
            case "values" -> new View("dict_values", new ArrayList<>(map.values()), false);
            case "items" -> new View("dict_items", pairs(map), false);
            default -> new LinkedHashMap<Object, Object>(map);
        };
    }

    /** Returns keys with their entries. */
    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, entry) -> pairs.add(Tuple.of(key, entry)));
        return pairs;
    }

    private static Object ofList(List<Object> list, String method, Given given) {
        if (method.equals("copy")) {
            given.bound("copy");
            return new ArrayList<>(list);
        }
        Object value = given.bound(method, "value").required(0);
        if (method.equals("count")) {
            return BigInteger.valueOf(
                    list.stream().filter(each -> Order.equal(each, value)).count());
        }
        for (int i = 0; i < list.size(); i++) {
            if (Order.equal(list.get(i), value)) {
                return BigInteger.valueOf(i);
            }
        }
        throw new Refusal(Printed.quoted(value) + " is not in list");
    }
}
