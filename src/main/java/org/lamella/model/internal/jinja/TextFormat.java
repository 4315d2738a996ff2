// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with places for values: {@code "%s" % value} and {@code "{}".format(value)}. */
final class TextFormat {

    private static final Pattern PERCENT = Pattern.compile("%(-?)(0?)(\\d*)(?:\\.(\\d+))?(.)", Pattern.DOTALL);
    private static final Pattern BRACES = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}|[{}]");

    private TextFormat() {}

    static String percent(String pattern, Object given) {
        List<Object> values = given instanceof Tuple tuple ? tuple.all() : List.of(given);
        Matcher place = PERCENT.matcher(pattern);
        StringBuilder text = new StringBuilder();
        int next = 0;
        while (place.find()) {
            String written = "%";
            if (!place.group(5).equals("%")) {
                if (next == values.size()) {
                    throw new Refusal("not enough arguments for format string");
                }
                written = padded(place, written(place, values.get(next++)));
            }
            place.appendReplacement(text, Matcher.quoteReplacement(written));
        }
        if (next < values.size() && !(given instanceof Map)) {
            throw new Refusal("not all arguments converted during string formatting");
        }
        String made = place.appendTail(text).toString();
        return made;
    }

    private static String written(Matcher place, Object value) {
        String kind = place.group(5);
        String digits = place.group(4);
        if (kind.equals("s") || kind.equals("r")) {
            String text = kind.equals("s") ? Printed.text(value) : Printed.quoted(value);
            return digits == null
                    ? text
                    : text.substring(
                            0, text.offsetByCodePoints(0, Math.min(Letters.length(text), Integer.parseInt(digits))));
        }
        if (!Values.number(value)) {
            throw new Refusal("%" + kind + " format: a real number is required, not " + Values.kind(value));
        }
        double real = Values.real(value);
        if (Double.isNaN(real) || Double.isInfinite(real)) {
            throw Refusal.unknown("%" + kind + " of what is not a finite number");
        }
        BigInteger whole = Values.whole(value);
        BigDecimal exact = whole == null ? new BigDecimal(real) : new BigDecimal(whole);
        if ((kind.equals("d") || kind.equals("i")) && digits == null) {
            return exact.toBigInteger().toString();
        }
        if (kind.equals("f")) {
            int after = digits == null ? 6 : Integer.parseInt(digits);
            String text = exact.setScale(after, RoundingMode.HALF_EVEN).toPlainString();
            return real < 0 && !text.startsWith("-") ? "-" + text : text;
        }
        throw Refusal.unknown("\"" + place.group() + "\" in a text to be filled");
    }

    private static String padded(Matcher place, String text) {
        int missing = (place.group(3).isEmpty() ? 0 : Integer.parseInt(place.group(3))) - Letters.length(text);
        if (missing <= 0) {
            return text;
        }
        if (!place.group(2).isEmpty() && !place.group(5).equals("s")) {
            int sign = text.startsWith("-") ? 1 : 0;
            return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
        }
        return place.group(1).isEmpty() ? " ".repeat(missing) + text : text + " ".repeat(missing);
    }

    static String braces(String pattern, Given given) {
        Matcher place = BRACES.matcher(pattern);
        StringBuilder text = new StringBuilder();
        int next = 0;
        while (place.find()) {
            String name = place.group(1);
            if (name == null && place.group().length() == 1) {
                throw Refusal.unknown("format() with more than {}, {0} or {name}");
            }
            String written = place.group().substring(0, 1);
            if (name != null) {
                boolean number = name.isEmpty() || name.chars().allMatch(Character::isDigit);
                int at = name.isEmpty() ? next++ : number ? Integer.parseInt(name) : -1;
                Object value = number && at < given.values().size()
                        ? given.values().get(at)
                        : given.named().get(name);
                if (value == null) {
                    throw new Refusal("format() has no value for {" + name + "}");
                }
                written = Printed.text(value);
            }
            place.appendReplacement(text, Matcher.quoteReplacement(written));
        }
        return place.appendTail(text).toString();
    }
}
