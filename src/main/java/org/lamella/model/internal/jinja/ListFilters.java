// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The filters of lists and maps. */
final class ListFilters {

    private ListFilters() {}

    static Object of(String name, Object value, Given given) {
        return switch (name) {
            case "list" -> {
                given.bound(name);
                yield new ArrayList<>(Values.list(value));
            }
            case "length", "count" -> {
                given.bound(name);
                yield BigInteger.valueOf(Values.length(value));
            }
            case "first" -> first(value);
            case "last" -> last(value);
            case "reverse" -> reversed(value);
            case "join" -> joined(value, given.bound(name, "d", "attribute"));
            case "items" -> items(value);
            case "attr" -> attribute(value, given.bound(name, "name").text(0));
            case "dictsort" -> sortedMap(value, given.bound(name, "case_sensitive", "by", "reverse"));
            case "sort" -> sorted(value, given.bound(name, "reverse", "case_sensitive", "attribute"));
            case "unique" -> unique(value, given.bound(name, "case_sensitive", "attribute"));
            case "min", "max" -> extreme(name, value, given.bound(name, "case_sensitive", "attribute"));
            case "sum" -> {
                Given.Bound bound = given.bound(name, "attribute", "start");
                Function<Object, Object> field = field(bound.at(0));
                Object sum = bound.at(1, BigInteger.ZERO);
                for (Object each : Values.list(value)) {
                    sum = Arithmetic.of("+", sum, field.apply(each));
                }
                yield sum;
            }
            case "batch", "slice" -> parts(name, value, given.bound(name, "number", "fill_with"));
            case "map" -> mapped(value, given);
            case "select", "reject" -> chosen(value, given, false, name.equals("select"));
            case "selectattr", "rejectattr" -> chosen(value, given, true, name.equals("selectattr"));
            default -> throw new Refusal("No filter named '" + name + "'.");
        };
    }

    private static Object first(Object value) {
        if (value instanceof Once once) {
            return once.rest().hasNext() ? once.rest().next() : none("first");
        }
        List<Object> all = Values.list(value);
        return all.isEmpty() ? none("first") : all.get(0);
    }

    private static Object last(Object value) {
        if (value instanceof Once || value instanceof Undefined) {
            throw new Refusal("'" + Values.kind(value) + "' object is not reversible");
        }
        List<Object> all = Values.list(value);
        return all.isEmpty() ? none("last") : all.get(all.size() - 1);
    }

    private static Undefined none(String which) {
        return new Undefined("No " + which + " item, sequence was empty.");
    }

    private static Object reversed(Object value) {
        List<Object> all = new ArrayList<>(Values.list(value));
        Collections.reverse(all);
        if (value instanceof String) {
            return TextMethods.joined("", all);
        }
        return value instanceof Once || value instanceof Undefined ? all : Once.of(all);
    }

    private static Object joined(Object value, Given.Bound bound) {
        Function<Object, Object> field = field(bound.at(1));
        List<String> texts = new ArrayList<>();
        for (Object each : Values.list(value)) {
            texts.add(Printed.text(field.apply(each)));
        }
        return String.join(Printed.text(bound.at(0, "")), texts);
    }

    private static Object items(Object value) {
        if (value instanceof Undefined) {
            return Once.of(List.of());
        }
        if (value instanceof Map<?, ?> map) {
            return Once.of(Fields.pairs(map));
        }
        throw new Refusal("Can only get item pairs from a mapping.");
    }

    private static Object attribute(Object value, String name) {
        if (value instanceof Map<?, ?> map
                && map.containsKey(name)
                && !(Fields.named(value, name) instanceof Callable)) {
            return new Undefined("'dict object' has no attribute '" + name + "'");
        }
        return Fields.named(value, name);
    }

    /** Returns what reads the field of a dotted name, or all of a value where none is named. */
    private static Function<Object, Object> field(Optional<Object> name) {
        if (name.isEmpty() || name.get() == None.NONE) {
            return value -> value;
        }
        List<Object> path = new ArrayList<>();
        if (name.get() instanceof String text) {
            for (String part : text.split("\\.", -1)) {
                path.add(part.matches("\\d+") ? new BigInteger(part) : part);
            }
        } else {
            path.add(name.get());
        }
        return value -> {
            Object at = value;
            for (Object part : path) {
                at = Fields.entry(at, part);
            }
            return at;
        };
    }

    private static Object folded(Object value, boolean caseCounts) {
        return value instanceof String text && !caseCounts ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static Object sorted(Object value, Given.Bound bound) {
        if (bound.at(2).orElse("") instanceof String names && names.contains(",")) {
            throw Refusal.unknown("filter 'sort' by several fields");
        }
        Function<Object, Object> field = field(bound.at(2));
        return sorted(Values.list(value), each -> folded(field.apply(each), bound.truth(1)), bound.truth(0));
    }

    private static List<Object> sorted(List<Object> all, Function<Object, Object> key, boolean backwards) {
        List<Object> sorted = new ArrayList<>(all);
        Comparator<Object> order = (a, b) -> Order.compare(key.apply(a), key.apply(b), "<");
        sorted.sort(backwards ? order.reversed() : order); // equal ones keep their order both ways, as in Python
        return sorted;
    }

    private static Object sortedMap(Object value, Given.Bound bound) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new Refusal("'" + Values.kind(value) + "' object has no attribute 'items'");
        }
        String by = Printed.text(bound.at(1, "key"));
        if (!by.equals("key") && !by.equals("value")) {
            throw new Refusal("You can only sort by either \"key\" or \"value\"");
        }
        int place = by.equals("key") ? 0 : 1;
        return sorted(Fields.pairs(map), pair -> folded(Values.list(pair).get(place), bound.truth(0)), bound.truth(2));
    }

    private static Object unique(Object value, Given.Bound bound) {
        Function<Object, Object> field = field(bound.at(1));
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object each : Values.list(value)) {
            Object key = folded(field.apply(each), bound.truth(0));
            if (seen.stream().noneMatch(other -> Order.equal(other, key))) {
                seen.add(key);
                unique.add(each);
            }
        }
        return Once.of(unique);
    }

    private static Object extreme(String name, Object value, Given.Bound bound) {
        Function<Object, Object> field = field(bound.at(1));
        List<Object> all = Values.list(value);
        if (all.isEmpty()) {
            return new Undefined("No aggregated item, sequence was empty.");
        }
        Object best = all.get(0);
        for (Object each : all) {
            int order = Order.compare(
                    folded(field.apply(each), bound.truth(0)), folded(field.apply(best), bound.truth(0)), "<");
            best = (name.equals("min") ? order < 0 : order > 0) ? each : best;
        }
        return best;
    }

    private static Object parts(String name, Object value, Given.Bound bound) {
        int number = bound.whole(0, 0);
        if (number < 1) {
            throw new Refusal("filter '" + name + "' needs a number of at least 1");
        }
        List<Object> all = Values.list(value);
        boolean slices = name.equals("slice");
        int count = slices ? number : (all.size() + number - 1) / number;
        int longer = slices ? all.size() % number : 0;
        int size = slices ? all.size() / number : number;
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = Math.min(all.size(), from + size + (i < longer ? 1 : 0));
            List<Object> part = new ArrayList<>(all.subList(from, to));
            Object fill = bound.at(1, None.NONE);
            int wanted = slices ? size + (longer > 0 && i >= longer ? 1 : 0) : number;
            while (fill != None.NONE && part.size() < wanted) {
                part.add(fill);
            }
            parts.add(part);
            from = to;
        }
        return Once.of(parts);
    }

    private static Object mapped(Object value, Given given) {
        List<Object> made = new ArrayList<>();
        if (given.values().isEmpty() && given.named().containsKey("attribute")) {
            Given.Bound bound = new Given(List.of(), given.named()).bound("map", "attribute", "default");
            Function<Object, Object> field = field(bound.at(0));
            for (Object each : Values.list(value)) {
                Object found = field.apply(each);
                made.add(found instanceof Undefined ? bound.at(1, found) : found);
            }
            return Once.of(made);
        }
        if (given.values().isEmpty()) {
            throw new Refusal("map requires a filter argument");
        }
        String filter = Printed.text(given.values().get(0));
        Given rest = new Given(given.values().subList(1, given.values().size()), given.named());
        Values.list(value).forEach(each -> made.add(Filters.of(filter, each, rest)));
        return Once.of(made);
    }

    private static Object chosen(Object value, Given given, boolean byField, boolean wanted) {
        int first = byField ? 1 : 0;
        if (given.values().size() < first) {
            throw new Refusal("Missing parameter for attribute name");
        }
        Function<Object, Object> field =
                field(byField ? Optional.of(given.values().get(0)) : Optional.empty());
        List<Object> rest = given.values().subList(first, given.values().size());
        List<Object> chosen = new ArrayList<>();
        for (Object each : Values.list(value)) {
            Object asked = Objects.requireNonNull(field.apply(each));
            boolean holds = rest.isEmpty()
                    ? Values.truth(asked)
                    : Tests.of(
                            Printed.text(rest.get(0)), asked, new Given(rest.subList(1, rest.size()), given.named()));
            if (holds == wanted) {
                chosen.add(each);
            }
        }
        return Once.of(chosen);
    }
}
