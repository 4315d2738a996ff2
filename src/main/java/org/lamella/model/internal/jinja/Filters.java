// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What stands after a bar: here those of texts and numbers, in {@link ListFilters} those of lists and maps. */
final class Filters {

    // those of Jinja that are not here
    private static final Set<String> OTHERS = Set.of(
            "filesizeformat",
            "forceescape",
            "groupby",
            "pprint",
            "random",
            "striptags",
            "truncate",
            "urlencode",
            "urlize",
            "wordwrap",
            "xmlattr");
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int WIDE = 80; // as Jinja

    private Filters() {}

    static Object of(String name, Object value, Given given) {
        if (OTHERS.contains(name)) {
            throw Refusal.unknown("filter '" + name + "'");
        }
        return switch (name) {
            case "trim" -> TextMethods.of(Printed.text(value), "strip", given);
            case "upper", "lower", "capitalize" -> TextMethods.of(Printed.text(value), name, given);
            case "title" -> {
                given.bound(name);
                yield TextMethods.titled(Printed.text(value));
            }
            case "string" -> {
                given.bound(name);
                yield value instanceof Markup ? value : Printed.text(value);
            }
            case "replace" -> {
                Given.Bound bound = given.bound(name, "old", "new", "count");
                boolean every = bound.at(2, None.NONE) == None.NONE;
                yield TextMethods.replaced(
                        Printed.text(value),
                        Printed.text(bound.required(0)),
                        Printed.text(bound.required(1)),
                        every ? -1 : bound.whole(2, -1));
            }
            case "indent" -> indented(value, given);
            case "center" -> {
                int width = given.bound(name, "width").whole(0, WIDE);
                yield TextMethods.of(
                        Printed.text(value), name, new Given(List.of(BigInteger.valueOf(width)), Map.of()));
            }
            case "wordcount" ->
                BigInteger.valueOf(WORD.matcher(Printed.text(value)).results().count());
            case "format" -> {
                if (!given.named().isEmpty()) {
                    throw Refusal.unknown("filter 'format' with names");
                }
                yield TextFormat.percent(Printed.text(value), new Tuple(given.values()));
            }
            case "tojson" -> Json.filter(value, given);
            case "safe" -> new Markup(Printed.text(value));
            case "e", "escape" -> value instanceof Markup ? value : new Markup(escaped(Printed.text(value)));
            case "default", "d" -> {
                Given.Bound bound = given.bound(name, "default_value", "boolean");
                boolean missing = value instanceof Undefined || (bound.truth(1) && !Values.truth(value));
                yield missing ? bound.at(0, "") : value;
            }
            case "int" -> whole(value, given.bound(name, "default", "base"));
            case "float" -> real(value, given.bound(name, "default").at(0, 0.0));
            case "abs" -> absolute(value);
            case "round" -> rounded(value, given.bound(name, "precision", "method"));
            default -> ListFilters.of(name, value, given);
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static String indented(Object value, Given given) {
        Given.Bound bound = given.bound("indent", "width", "first", "blank");
        if (!(value instanceof String text)) {
            throw new Refusal("indent needs str; got " + Values.kind(value));
        }
        String before = bound.at(0, "") instanceof String with && bound.at(0).isPresent()
                ? with
                : " ".repeat(Math.max(0, bound.whole(0, 4)));
        List<String> lines = TextParts.lines(text + "\n", false);
        List<String> made = new ArrayList<>();
        for (String line : lines) {
            boolean bare = made.isEmpty() || (line.isEmpty() && !bound.truth(2));
            made.add(bare ? line : before + line);
        }
        return (bound.truth(1) ? before : "") + String.join("\n", made);
    }

    private static Object whole(Object value, Given.Bound bound) {
        Object otherwise = bound.at(0, BigInteger.ZERO);
        if (bound.at(1).isPresent()) {
            throw Refusal.unknown("filter 'int' with a base");
        }
        if (Values.isWhole(value)) {
            return Values.asWhole(value);
        }
        if (value instanceof String text && Letters.strip(text).matches("[-+]?\\d+(_\\d+)*")) {
            String digits = Letters.strip(text).replace("_", "");
            return new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits);
        }
        Object real = real(value, otherwise);
        boolean finite = real instanceof Double number && !Double.isNaN(number) && !Double.isInfinite(number);
        if (real == otherwise || !finite) {
            return otherwise;
        }
        return new BigDecimal((Double) real).toBigInteger();
    }

    private static Object real(Object value, Object otherwise) {
        if (Values.number(value)) {
            return Values.real(value);
        }
        if (!(value instanceof String text)) {
            return otherwise;
        }
        String digits = Letters.strip(text).toLowerCase(Locale.ROOT);
        if (digits.matches("[-+]?(inf|infinity|nan)")) {
            throw Refusal.unknown("a number that is not finite");
        }
        boolean number = digits.matches("[-+]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)(e[-+]?\\d+(_\\d+)*)?");
        return number ? Double.valueOf(digits.replace("_", "")) : otherwise;
    }

    private static Object absolute(Object value) {
        if (value instanceof Double number) {
            return Math.abs(number);
        }
        if (Values.isWhole(value)) {
            return Values.asWhole(value).abs();
        }
        throw new Refusal("bad operand type for abs(): '" + Values.kind(value) + "'");
    }

    private static Object rounded(Object value, Given.Bound bound) {
        int digits = bound.whole(0, 0);
        String method = Printed.text(bound.at(1, "common"));
        if (!Set.of("common", "ceil", "floor").contains(method)) {
            throw new Refusal("method must be common, ceil or floor");
        }
        if (!Values.number(value)) {
            throw new Refusal("type " + Values.kind(value) + " doesn't define __round__ method");
        }
        double number = Values.real(value);
        if (!method.equals("common")) {
            double factor = Math.pow(10, digits);
            return (method.equals("ceil") ? Math.ceil(number * factor) : Math.floor(number * factor)) / factor;
        }
        if (Values.isWhole(value)) {
            return new BigDecimal(Values.asWhole(value))
                    .setScale(digits, RoundingMode.HALF_EVEN)
                    .toBigInteger();
        }
        return new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    }
}
