// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Python's signs between two values. */
final class Arithmetic {

    private static final int LONGEST = 50_000_000; // letters or entries
    private static final int LARGEST = 10_000; // bits

    private Arithmetic() {}

    static Object of(String sign, Object a, Object b) {
        for (Object each : List.of(a, b)) {
            if (each instanceof Undefined undefined) {
                throw undefined.refusal();
            }
        }
        if (sign.equals("%") && a instanceof String pattern) {
            return TextFormat.percent(pattern, b);
        }
        if (Values.number(a) && Values.number(b)) {
            BigInteger first = Values.whole(a);
            BigInteger second = Values.whole(b);
            return first != null && second != null
                    ? whole(sign, first, second)
                    : real(sign, Values.real(a), Values.real(b));
        }
        if (sign.equals("+")) {
            return sum(a, b);
        }
        if (sign.equals("*") && Values.isWhole(b)) {
            return repeated(a, Values.small(Values.asWhole(b)), b);
        }
        if (sign.equals("*") && Values.isWhole(a)) {
            return repeated(b, Values.small(Values.asWhole(a)), a);
        }
        throw refused(sign, a, b);
    }

    private static Object sum(Object a, Object b) {
        if (a instanceof String first && b instanceof String second) {
            return first + second;
        }
        boolean lists = a instanceof List && b instanceof List;
        if (lists || (a instanceof Tuple && b instanceof Tuple)) {
            List<Object> both = new ArrayList<>(Values.list(a));
            both.addAll(Values.list(b));
            return lists ? both : new Tuple(both);
        }
        if (a instanceof String) {
            throw new Refusal("can only concatenate str (not \"" + Values.kind(b) + "\") to str");
        }
        throw refused("+", a, b);
    }

    private static Refusal refused(String sign, Object a, Object b) {
        return new Refusal(
                "unsupported operand type(s) for " + sign + ": '" + Values.kind(a) + "' and '" + Values.kind(b) + "'");
    }

    private static Object repeated(Object value, int times, Object number) {
        if (!(value instanceof String || value instanceof List || value instanceof Tuple)) {
            throw refused("*", value, number);
        }
        int copies = Math.max(0, times);
        if ((long) copies * Values.length(value) > LONGEST) {
            throw new Refusal("what is repeated must be shorter than " + LONGEST);
        }
        if (value instanceof String text) {
            return text.repeat(copies);
        }
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            all.addAll(Values.list(value));
        }
        return value instanceof List ? all : new Tuple(all);
    }

    private static Object whole(String sign, BigInteger a, BigInteger b) {
        if ("/ // %".contains(sign) && b.signum() == 0) {
            throw new Refusal(sign.equals("/") ? "division by zero" : "integer division or modulo by zero");
        }
        return switch (sign) {
            case "+" -> a.add(b);
            case "-" -> a.subtract(b);
            case "*" -> checked((double) a.bitLength() + b.bitLength(), () -> a.multiply(b));
            case "/" -> a.doubleValue() / b.doubleValue();
            case "//" -> floored(a, b);
            case "%" -> a.subtract(floored(a, b).multiply(b));
            default ->
                b.signum() < 0
                        ? real(sign, a.doubleValue(), b.doubleValue())
                        : checked(a.bitLength() * (double) Values.small(b), () -> a.pow(Values.small(b)));
        };
    }

    private static BigInteger checked(double bits, Supplier<BigInteger> number) {
        if (bits > LARGEST) {
            throw new Refusal("number must be below 2^" + LARGEST + " here");
        }
        return number.get();
    }

    private static BigInteger floored(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        return parts[1].signum() != 0 && parts[1].signum() != b.signum() ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Object real(String sign, double a, double b) {
        if ("/ // %".contains(sign) && b == 0) {
            throw new Refusal("float division by zero");
        }
        return switch (sign) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor((a - remainder(a, b)) / b + 0.5); // as Python: the quotient fits the remainder
            case "%" -> remainder(a, b);
            default -> power(a, b);
        };
    }

    private static double remainder(double a, double b) {
        double rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    private static double power(double a, double b) {
        if (a == 0 && b < 0) {
            throw new Refusal("0.0 cannot be raised to a negative power");
        }
        if (a < 0 && b != Math.rint(b)) {
            throw Refusal.unknown("a complex number");
        }
        return Math.pow(a, b);
    }

    static Object negative(Object value, boolean minus) {
        if (value instanceof Double number) {
            return minus ? -number : number;
        }
        BigInteger whole = Values.whole(value);
        if (whole == null) {
            throw value instanceof Undefined undefined
                    ? undefined.refusal()
                    : new Refusal(
                            "bad operand type for unary " + (minus ? "-" : "+") + ": '" + Values.kind(value) + "'");
        }
        return minus ? whole.negate() : whole;
    }
}
