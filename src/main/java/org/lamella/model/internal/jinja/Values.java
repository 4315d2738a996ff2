// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as Python has them: {@link None}, {@link Boolean}, {@link BigInteger}, {@link Double}, {@link String},
 * {@link List}, {@link Tuple}, {@link Map}, and what only templates make.
 */
final class Values {

    private Values() {}

    /** Returns a value of Java as one of Python. */
    static Object of(@Nullable Object value) {
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> made = new LinkedHashMap<>();
            map.forEach((key, entry) -> made.put(of(key), of(entry)));
            return made;
        }
        if (value instanceof Iterable<?> list) {
            List<Object> made = new ArrayList<>();
            list.forEach(entry -> made.add(of(entry)));
            return made;
        }
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof BigInteger) {
            return value;
        }
        return value instanceof Number number ? BigInteger.valueOf(number.longValue()) : whatIs(value);
    }

    private static Object whatIs(Object value) {
        return value instanceof Boolean ? value : value.toString();
    }

    static boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof BigInteger number) {
            return number.signum() != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof None || value instanceof Undefined) {
            return false;
        }
        return !hasLength(value) || length(value) > 0;
    }

    /** Returns what Python calls a value's kind. */
    static String kind(Object value) {
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof BigInteger) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof Map) {
            return "dict";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof None) {
            return "NoneType";
        }
        if (value instanceof Tuple) {
            return "tuple";
        }
        return value instanceof View view ? view.name() : value.getClass().getSimpleName();
    }

    static boolean hasLength(Object value) {
        return value instanceof String
                || value instanceof Markup
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Map
                || value instanceof View
                || value instanceof Undefined;
    }

    static int length(Object value) {
        if (value instanceof String text) {
            return Letters.length(text);
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (!hasLength(value) || value instanceof Markup) {
            throw new Refusal("object of type '" + kind(value) + "' has no len()");
        }
        return list(value).size();
    }

    static boolean iterable(Object value) {
        return hasLength(value) || value instanceof Once;
    }

    /** Returns all that a value holds, of a map its keys, of a text its letters. */
    static List<Object> list(Object value) {
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        if (value instanceof Tuple tuple) {
            return tuple.all();
        }
        if (value instanceof View view) {
            return view.all();
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            return new ArrayList<>(
                    text.codePoints().mapToObj(Character::toString).toList());
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        if (value instanceof Once once) {
            List<Object> rest = new ArrayList<>();
            once.rest().forEachRemaining(rest::add);
            return rest;
        }
        throw new Refusal("'" + kind(value) + "' object is not iterable");
    }

    /** Returns a number that counts things. */
    static int small(BigInteger number) {
        if (number.bitLength() > 31) {
            throw new Refusal("number must be below 2^31 here; got " + number);
        }
        return number.intValue();
    }

    static boolean number(Object value) {
        return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
    }

    /** Returns a whole number or truth value as a whole number. */
    static @Nullable BigInteger whole(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? BigInteger.ONE : BigInteger.ZERO;
        }
        return value instanceof BigInteger number ? number : null;
    }

    static boolean isWhole(Object value) {
        return value instanceof Boolean || value instanceof BigInteger;
    }

    static BigInteger asWhole(Object value) {
        BigInteger whole = whole(value);
        if (whole == null) {
            throw new Refusal("'" + kind(value) + "' object cannot be interpreted as an integer");
        }
        return whole;
    }

    static double real(Object value) {
        BigInteger whole = whole(value);
        return whole == null ? (Double) value : whole.doubleValue();
    }

    /** Returns whether a value is in another: of a text a part, of a map a key. */
    static boolean contains(Object in, Object value) {
        if (in instanceof String text) {
            if (value instanceof String part) {
                return text.contains(part);
            }
            throw new Refusal("'in <string>' requires string as left operand, not " + kind(value));
        }
        if (in instanceof Map<?, ?> map) {
            return map.containsKey(key(value));
        }
        if (!iterable(in) || in instanceof Markup) {
            throw new Refusal("argument of type '" + kind(in) + "' is not iterable");
        }
        return list(in).stream().anyMatch(each -> Order.equal(each, value));
    }

    /** Returns a value as the key of a map; 1, 1.0 and True are the same key. */
    static Object key(Object value) {
        if (value instanceof Map || value instanceof List) {
            throw new Refusal("unhashable type: '" + kind(value) + "'");
        }
        BigInteger whole = whole(value);
        if (whole != null) {
            return whole;
        }
        if (value instanceof Double number && number == Math.rint(number) && !Double.isInfinite(number)) {
            return new BigDecimal(number).toBigInteger();
        }
        return value;
    }

    /** Returns a value as the key of a map that a template makes. */
    static Object newKey(Object value) {
        if (value instanceof Boolean || value instanceof Double) {
            throw Refusal.unknown("a map with a key of type " + kind(value));
        }
        return key(value);
    }
}
