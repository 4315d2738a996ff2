// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Which values are equal, and which comes first. */
final class Order {

    private Order() {}

    static boolean equal(Object a, Object b) {
        if (Values.number(a) && Values.number(b)) {
            return ordered(a, b) == 0;
        }
        if (a instanceof Map<?, ?> first && b instanceof Map<?, ?> second) {
            return first.size() == second.size()
                    && first.entrySet().stream().allMatch(entry -> {
                        Object other = second.get(entry.getKey());
                        return other != null && equal(entry.getValue(), other);
                    });
        }
        boolean lists = (a instanceof List && b instanceof List) || (a instanceof Tuple && b instanceof Tuple);
        if (!lists) {
            if (a instanceof View || b instanceof View || a instanceof Markup || b instanceof Markup) {
                throw Refusal.unknown("comparing " + Values.kind(a) + " and " + Values.kind(b));
            }
            return a.equals(b);
        }
        List<Object> first = Values.list(a);
        List<Object> second = Values.list(b);
        boolean equal = first.size() == second.size();
        for (int i = 0; i < first.size() && equal; i++) {
            equal = equal(first.get(i), second.get(i));
        }
        return equal;
    }

    // -2 where one is not a number
    private static int ordered(Object a, Object b) {
        BigInteger first = Values.whole(a);
        BigInteger second = Values.whole(b);
        if (first != null && second != null) {
            return first.compareTo(second);
        }
        double x = Values.real(a);
        double y = Values.real(b);
        if (Double.isNaN(x) || Double.isNaN(y)) {
            return -2;
        }
        boolean exact = !Double.isInfinite(x) && !Double.isInfinite(y);
        return exact ? exact(a).compareTo(exact(b)) : (x == y ? 0 : Double.compare(x, y));
    }

    private static BigDecimal exact(Object number) {
        BigInteger whole = Values.whole(number);
        return whole == null ? new BigDecimal((Double) number) : new BigDecimal(whole);
    }

    /** Returns a negative number, zero or a positive one, as the first is below, equal to or above the second. */
    static int compare(Object a, Object b, String sign) {
        if (Values.number(a) && Values.number(b)) {
            int order = ordered(a, b);
            if (order == -2) {
                throw Refusal.unknown("comparing what is not a number");
            }
            return order;
        }
        if (a instanceof String first && b instanceof String second) {
            return Letters.compare(first, second);
        }
        boolean lists = (a instanceof List && b instanceof List) || (a instanceof Tuple && b instanceof Tuple);
        if (!lists) {
            for (Object each : List.of(a, b)) {
                if (each instanceof Undefined undefined) {
                    throw undefined.refusal();
                }
            }
            throw new Refusal("'" + sign + "' not supported between instances of '" + Values.kind(a) + "' and '"
                    + Values.kind(b) + "'");
        }
        List<Object> first = Values.list(a);
        List<Object> second = Values.list(b);
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            if (!equal(first.get(i), second.get(i))) {
                return compare(first.get(i), second.get(i), sign);
            }
        }
        return Integer.compare(first.size(), second.size());
    }
}
