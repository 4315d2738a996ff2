// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands in the brackets of a call.
 *
 * @param values those without a name
 * @param named those with one
 */
record Given(List<Object> values, Map<String, Object> named) {

    static final Given NOTHING = new Given(List.of(), Map.of());

    Given {
        values = List.copyOf(values);
        named = new LinkedHashMap<>(named);
    }

    /** Returns these values under the names that a function calls them by, some of which may be missing. */
    Bound bound(String function, String... names) {
        List<Optional<Object>> bound = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            Object value = i < values.size() ? values.get(i) : named.get(names[i]);
            bound.add(Optional.ofNullable(value));
        }
        if (values.size() > names.length) {
            throw new Refusal(function + " takes at most " + names.length + " values; got " + values.size());
        }
        for (String name : named.keySet()) {
            int place = List.of(names).indexOf(name);
            if (place < 0 || place < values.size()) {
                throw new Refusal(function + " has no value named '" + name + "', or has it twice");
            }
        }
        return new Bound(function, List.of(names), bound);
    }

    /** Values in the order of their names. */
    record Bound(String function, List<String> names, List<Optional<Object>> values) {

        Optional<Object> at(int i) {
            return values.get(i);
        }

        Object at(int i, Object otherwise) {
            return values.get(i).orElse(otherwise);
        }

        Object required(int i) {
            return values.get(i).orElseThrow(() -> new Refusal(function + " needs '" + names.get(i) + "'"));
        }

        String text(int i) {
            Object value = required(i);
            if (value instanceof String text) {
                return text;
            }
            throw new Refusal(function + ": '" + names.get(i) + "' must be str; got " + Values.kind(value));
        }

        int whole(int i, int otherwise) {
            Object value = at(i, BigInteger.valueOf(otherwise));
            if (value instanceof BigInteger number) {
                return Values.small(number);
            }
            throw new Refusal(function + ": '" + names.get(i) + "' must be int; got " + Values.kind(value));
        }

        boolean truth(int i) {
            return at(i).map(Values::truth).orElse(false);
        }
    }
}
