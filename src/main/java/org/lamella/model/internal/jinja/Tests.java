// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** What can be asked with {@code is}. */
final class Tests {

    private Tests() {}

    static boolean of(String name, Object value, Given given) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof BigInteger;
            case "float" -> value instanceof Double;
            case "number" -> Values.number(value);
            case "string" -> value instanceof String || value instanceof Markup;
            case "mapping" -> value instanceof Map;
            case "iterable" -> Values.iterable(value) || value instanceof Loop;
            case "sequence" -> Values.hasLength(value) && !(value instanceof View view && !view.indexed());
            case "callable" -> value instanceof Callable || value instanceof Loop;
            case "lower" ->
                TextMethods.of(Printed.text(value), "islower", Given.NOTHING).equals(true);
            case "upper" ->
                TextMethods.of(Printed.text(value), "isupper", Given.NOTHING).equals(true);
            case "odd", "even", "divisibleby" -> divided(name, value, given);
            case "in" -> Values.contains(given.bound(name, "seq").required(0), value);
            case "sameas" -> same(value, given.bound(name, "other").required(0));
            case "eq", "equalto", "==" -> Order.equal(value, other(name, given));
            case "ne", "!=" -> !Order.equal(value, other(name, given));
            case "lt", "lessthan", "<" -> Order.compare(value, other(name, given), "<") < 0;
            case "le", "<=" -> Order.compare(value, other(name, given), "<=") <= 0;
            case "gt", "greaterthan", ">" -> Order.compare(value, other(name, given), ">") > 0;
            case "ge", ">=" -> Order.compare(value, other(name, given), ">=") >= 0;
            default -> throw new Refusal("No test named '" + name + "'.");
        };
    }

    private static Object other(String name, Given given) {
        return given.bound(name, "other").required(0);
    }

    private static boolean divided(String name, Object value, Given given) {
        Object by = name.equals("divisibleby") ? given.bound(name, "num").required(0) : BigInteger.TWO;
        Object rest = Arithmetic.of("%", value, by);
        return Order.equal(rest, name.equals("odd") ? BigInteger.ONE : BigInteger.ZERO);
    }

    private static boolean same(Object value, Object other) {
        boolean single =
                List.of(value, other).stream().allMatch(each -> each instanceof None || each instanceof Boolean);
        if (single) {
            return value.equals(other);
        }
        if (!Values.kind(value).equals(Values.kind(other))) {
            return false;
        }
        if (value instanceof BigInteger || value instanceof String) {
            return value.equals(other);
        }
        return value == other;
    }
}
