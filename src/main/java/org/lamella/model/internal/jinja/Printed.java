// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Values as Python prints them. */
final class Printed {

    private Printed() {}

    /** Returns {@code str(value)}. */
    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Markup markup) {
            return markup.text();
        }
        return value instanceof Undefined ? "" : quoted(value);
    }

    /** Returns {@code repr(value)}, as it stands within lists. */
    static String quoted(Object value) {
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        }
        if (value instanceof None) {
            return "None";
        }
        if (value instanceof Double number) {
            return real(number);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map);
        }
        if (value instanceof List<?> list) {
            return all("[", list, "]");
        }
        if (value instanceof Tuple tuple) {
            return all("(", tuple.all(), tuple.all().size() == 1 ? ",)" : ")");
        }
        if (value instanceof Undefined) {
            return "Undefined";
        }
        if (value instanceof View view && !view.name().equals("range")) {
            return view.name() + "(" + all("[", view.all(), "]") + ")";
        }
        if (value instanceof Namespace namespace) {
            return "<Namespace " + map(namespace.fields()) + ">";
        }
        if (value instanceof BigInteger) {
            return value.toString();
        }
        throw Refusal.unknown("printing of " + (value instanceof Callable call ? call.name() : Values.kind(value)));
    }

    private static String all(String begin, List<?> values, String end) {
        StringJoiner all = new StringJoiner(", ", begin, end);
        values.forEach(value -> all.add(quoted(value)));
        return all.toString();
    }

    private static String map(Map<?, ?> map) {
        StringJoiner all = new StringJoiner(", ", "{", "}");
        map.forEach((key, value) -> all.add(quoted(key) + ": " + quoted(value)));
        return all.toString();
    }

    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(quote);
        for (Iterator<Integer> letters = text.codePoints().iterator(); letters.hasNext(); ) {
            int letter = letters.next();
            switch (letter) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (letter == quote) {
                        quoted.append('\\').append(quote);
                    } else if (letter == ' ' || printable(letter)) {
                        quoted.appendCodePoint(letter);
                    } else {
                        String form = letter > 0xffff ? "\\U%08x" : letter > 0xff ? "\\u%04x" : "\\x%02x";
                        quoted.append(String.format(Locale.ROOT, form, letter));
                    }
                }
            }
        }
        return quoted.append(quote).toString();
    }

    private static boolean printable(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Returns the shortest digits that mean a number. */
    static String real(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        String digits = "";
        for (int after = 0; after < 17; after++) {
            digits = String.format(Locale.ROOT, "%." + after + "e", new BigDecimal(number));
            if (Double.parseDouble(digits) == number) {
                break;
            }
        }
        int exponent = Integer.parseInt(digits.substring(digits.indexOf('e') + 1));
        String sign = 1 / number < 0 || number < 0 ? "-" : "";
        if (number != 0 && (exponent < -4 || exponent >= 16)) {
            String mantissa = digits.substring(0, digits.indexOf('e'));
            return mantissa + "e" + (exponent < 0 ? "-" : "+") + String.format(Locale.ROOT, "%02d", Math.abs(exponent));
        }
        String plain = new BigDecimal(digits).abs().toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }
}
