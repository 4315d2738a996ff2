// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads expressions, by the grammar of Jinja's own parser: the further down a method, the closer its sign binds. */
final class Expressions {

    private static final Set<String> COMPARING = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Expression NONE = Expression.always(None.NONE);

    private final Words words;

    Expressions(Words words) {
        this.words = words;
    }

    /** Returns the next expression, or the list of those between commas. */
    Expression listed(boolean conditions, String end) {
        List<Expression> all = new ArrayList<>();
        boolean several = false;
        while (!ends(end)) {
            all.add(conditions ? next() : either());
            if (!words.takenSign(",")) {
                break;
            }
            several = true;
        }
        if (!several && all.size() == 1) {
            return all.get(0);
        }
        if (all.isEmpty() && !end.equals(")")) {
            throw words.failed("Expected an expression, got " + words.now().called());
        }
        return frame -> new Tuple(values(all, frame));
    }

    private boolean ends(String end) {
        Token now = words.now();
        return now.kind() == Token.Kind.VALUE_END
                || now.kind() == Token.Kind.BLOCK_END
                || now.sign(")")
                || now.name(end);
    }

    private static List<Object> values(List<Expression> all, Frame frame) {
        List<Object> values = new ArrayList<>();
        all.forEach(each -> values.add(each.of(frame)));
        return values;
    }

    /** Returns the next expression, which may have a condition. */
    Expression next() {
        Expression value = either();
        while (words.takenName("if")) {
            Expression condition = either();
            Expression then = value;
            Expression otherwise = words.takenName("else")
                    ? next()
                    : Expression.always(new Undefined(
                            "the inline if-expression evaluated to false and no else section" + " was defined."));
            value = frame -> Values.truth(condition.of(frame)) ? then.of(frame) : otherwise.of(frame);
        }
        return value;
    }

    /** Returns the next expression without a condition. */
    Expression either() {
        Expression left = both();
        while (words.takenName("or")) {
            Expression first = left;
            Expression second = both();
            left = frame -> {
                Object value = first.of(frame);
                return Values.truth(value) ? value : second.of(frame);
            };
        }
        return left;
    }

    private Expression both() {
        Expression left = negated();
        while (words.takenName("and")) {
            Expression first = left;
            Expression second = negated();
            left = frame -> {
                Object value = first.of(frame);
                return Values.truth(value) ? second.of(frame) : value;
            };
        }
        return left;
    }

    private Expression negated() {
        if (words.takenName("not")) {
            Expression value = negated();
            return frame -> !Values.truth(value.of(frame));
        }
        return compared();
    }

    private Expression compared() {
        Expression first = sum();
        List<String> signs = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Token now = words.now();
            boolean notIn = now.name("not") && words.after().name("in");
            if (notIn) {
                words.take();
            }
            if (!notIn && !now.name("in") && !(now.kind() == Token.Kind.SIGN && COMPARING.contains(now.text()))) {
                break;
            }
            String sign = words.take().text();
            signs.add(notIn ? "not in" : sign);
            others.add(sum());
        }
        return signs.isEmpty() ? first : frame -> compared(first, signs, others, frame);
    }

    private static Object compared(Expression first, List<String> signs, List<Expression> others, Frame frame) {
        Object left = first.of(frame);
        boolean holds = true;
        for (int i = 0; i < signs.size() && holds; i++) {
            Object right = others.get(i).of(frame);
            holds = holds(left, signs.get(i), right);
            left = right;
        }
        return holds;
    }

    private static boolean holds(Object left, String sign, Object right) {
        return switch (sign) {
            case "==" -> Values.equal(left, right);
            case "!=" -> !Values.equal(left, right);
            case "in" -> Values.contains(right, left);
            case "not in" -> !Values.contains(right, left);
            case "<" -> Values.compare(left, right, sign) < 0;
            case "<=" -> Values.compare(left, right, sign) <= 0;
            case ">" -> Values.compare(left, right, sign) > 0;
            default -> Values.compare(left, right, sign) >= 0;
        };
    }

    private Expression sum() {
        Expression left = joined();
        while (words.now().sign("+") || words.now().sign("-")) {
            left = computed(words.take().text(), left, joined());
        }
        return left;
    }

    private static Expression computed(String sign, Expression left, Expression right) {
        return frame -> Arithmetic.of(sign, left.of(frame), right.of(frame));
    }

    private Expression joined() {
        Expression first = product();
        if (!words.now().sign("~")) {
            return first;
        }
        List<Expression> all = new ArrayList<>(List.of(first));
        while (words.takenSign("~")) {
            all.add(product());
        }
        return frame -> {
            StringBuilder text = new StringBuilder();
            for (Object value : values(all, frame)) {
                if (value instanceof Markup) {
                    throw Refusal.unknown("\"~\" after \"safe\" or \"escape\"");
                }
                text.append(Printed.text(value));
            }
            return text.toString();
        };
    }

    private Expression product() {
        Expression left = power();
        while (words.now().kind() == Token.Kind.SIGN
                && Set.of("*", "/", "//", "%").contains(words.now().text())) {
            left = computed(words.take().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = signed(true);
        while (words.takenSign("**")) {
            left = computed("**", left, signed(true));
        }
        return left;
    }

    private Expression signed(boolean filters) {
        Expression value;
        if (words.now().sign("-") || words.now().sign("+")) {
            boolean minus = words.take().text().equals("-");
            Expression number = signed(false);
            value = frame -> Arithmetic.negative(number.of(frame), minus);
        } else {
            value = alone();
        }
        value = followed(value);
        return filters ? filtered(value) : value;
    }

    private Expression alone() {
        Token now = words.now();
        switch (now.kind()) {
            case NAME:
                return named(words.take().text());
            case STRING:
                StringBuilder text = new StringBuilder();
                while (words.now().kind() == Token.Kind.STRING) {
                    text.append(words.take().text());
                }
                return Expression.always(text.toString());
            case WHOLE:
                return Expression.always(
                        whole(words.take().text().replace("_", "").toLowerCase(Locale.ROOT)));
            case FLOAT:
                return Expression.always(Double.valueOf(words.take().text().replace("_", "")));
            default:
                return bracketed(now);
        }
    }

    private Expression named(String name) {
        words.reads(name);
        return switch (name) {
            case "true", "True" -> Expression.always(true);
            case "false", "False" -> Expression.always(false);
            case "none", "None" -> NONE;
            default -> frame -> frame.named(name);
        };
    }

    private static BigInteger whole(String digits) {
        int place = digits.length() > 1 ? "box".indexOf(digits.charAt(1)) : -1;
        return place < 0
                ? new BigInteger(digits)
                : new BigInteger(digits.substring(2), List.of(2, 8, 16).get(place));
    }

    private Expression bracketed(Token now) {
        if (words.takenSign("(")) {
            Expression value = listed(true, ")");
            words.sign(")");
            return value;
        }
        if (words.takenSign("[")) {
            List<Expression> all = new ArrayList<>();
            while (!words.now().sign("]")) {
                all.add(next());
                if (!words.takenSign(",")) {
                    break;
                }
            }
            words.sign("]");
            return frame -> values(all, frame);
        }
        if (words.takenSign("{")) {
            return map();
        }
        throw words.failed("unexpected " + now.called());
    }

    private Expression map() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!words.now().sign("}")) {
            Expression key = next();
            words.sign(":");
            entries.put(key, next());
            if (!words.takenSign(",")) {
                break;
            }
        }
        words.sign("}");
        return frame -> {
            Map<Object, Object> map = new LinkedHashMap<>();
            entries.forEach((key, value) -> map.put(Values.newKey(key.of(frame)), value.of(frame)));
            return map;
        };
    }

    // fields, entries and calls
    private Expression followed(Expression begun) {
        Expression value = begun;
        while (true) {
            Expression of = value;
            if (words.takenSign(".")) {
                Token field = words.take();
                if (field.kind() == Token.Kind.NAME) {
                    value = frame -> Fields.named(of.of(frame), field.text());
                } else if (field.kind() == Token.Kind.WHOLE) {
                    BigInteger place = whole(field.text());
                    value = frame -> Fields.entry(of.of(frame), place);
                } else {
                    throw words.failed("expected name or number");
                }
            } else if (words.takenSign("[")) {
                value = entry(of);
            } else if (words.now().sign("(")) {
                value = called(of);
            } else {
                return value;
            }
        }
    }

    private Expression entry(Expression of) {
        List<Optional<Expression>> places = new ArrayList<>();
        places.add(place());
        while (places.size() < 3 && words.takenSign(":")) {
            places.add(place());
        }
        if (words.now().sign(",")) {
            throw words.failed("several entries in square brackets are not known here");
        }
        words.sign("]");
        if (places.size() == 1) {
            Expression key = places.get(0).orElseThrow(() -> words.failed("Expected an expression"));
            return frame -> Fields.entry(of.of(frame), key.of(frame));
        }
        List<Expression> bounds =
                new ArrayList<>(places.stream().map(place -> place.orElse(NONE)).toList());
        if (bounds.size() == 2) {
            bounds.add(NONE);
        }
        return frame -> Fields.slice(
                of.of(frame),
                bounds.get(0).of(frame),
                bounds.get(1).of(frame),
                bounds.get(2).of(frame));
    }

    private Optional<Expression> place() {
        return words.now().sign(":") || words.now().sign("]") ? Optional.empty() : Optional.of(next());
    }

    /** Returns the next expression, which must be a call, with one more named value. */
    Expression calledWith(String name, Expression value) {
        Expression of = named(words.name());
        while (words.takenSign(".")) {
            Expression before = of;
            String field = words.name();
            of = frame -> Fields.named(before.of(frame), field);
        }
        GivenWords given = given();
        Map<String, Expression> named = new LinkedHashMap<>(given.named());
        named.put(name, value);
        return called(of, new GivenWords(given.values(), named));
    }

    private Expression called(Expression of) {
        return called(of, given());
    }

    private static Expression called(Expression of, GivenWords given) {
        return frame -> {
            Object value = of.of(frame);
            if (value instanceof Callable callable) {
                return callable.call(given.in(frame));
            }
            if (value instanceof Loop loop) {
                return loop.again(given.in(frame));
            }
            throw value instanceof Undefined undefined
                    ? undefined.refusal()
                    : new Refusal("'" + Values.kind(value) + "' object is not callable");
        };
    }

    /** What stands in the brackets of a call, to be computed. */
    record GivenWords(List<Expression> values, Map<String, Expression> named) {

        static final GivenWords NOTHING = new GivenWords(List.of(), Map.of());

        Given in(Frame frame) {
            Map<String, Object> computed = new LinkedHashMap<>();
            List<Object> all = Expressions.values(values, frame);
            named.forEach((name, value) -> computed.put(name, value.of(frame)));
            return new Given(all, computed);
        }
    }

    private GivenWords given() {
        words.sign("(");
        List<Expression> values = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!words.now().sign(")")) {
            if (words.now().sign("*") || words.now().sign("**")) {
                throw words.failed("\"" + words.now().text() + "\" before a value of a call is not known here");
            }
            if (words.now().kind() == Token.Kind.NAME && words.after().sign("=")) {
                String name = words.name();
                words.sign("=");
                named.put(name, next());
            } else if (named.isEmpty()) {
                values.add(next());
            } else {
                throw words.failed("invalid syntax for function call expression");
            }
            if (!words.takenSign(",")) {
                break;
            }
        }
        words.sign(")");
        return new GivenWords(values, named);
    }

    // filters, tests and calls of what they give
    private Expression filtered(Expression begun) {
        Expression value = begun;
        while (true) {
            if (words.takenSign("|")) {
                value = filter(value);
            } else if (words.takenName("is")) {
                value = test(value);
            } else if (words.now().sign("(")) {
                value = called(value);
            } else {
                return value;
            }
        }
    }

    /** Returns a value, passed through the filter whose name comes next and those that follow it. */
    Expression filters(Expression value) {
        Expression filtered = filter(value);
        while (words.takenSign("|")) {
            filtered = filter(filtered);
        }
        return filtered;
    }

    private Expression filter(Expression of) {
        String name = name();
        GivenWords given = words.now().sign("(") ? given() : GivenWords.NOTHING;
        return frame -> Filters.of(name, of.of(frame), given.in(frame));
    }

    private String name() {
        StringBuilder name = new StringBuilder(words.name());
        while (words.takenSign(".")) {
            name.append('.').append(words.name());
        }
        return name.toString();
    }

    private Expression test(Expression of) {
        boolean not = words.takenName("not");
        String name = name();
        GivenWords given = GivenWords.NOTHING;
        Token now = words.now();
        boolean value =
                switch (now.kind()) {
                    case STRING, WHOLE, FLOAT -> true;
                    case NAME -> !Set.of("else", "or", "and").contains(now.text());
                    default -> now.sign("[") || now.sign("{");
                };
        if (now.sign("(")) {
            given = given();
        } else if (now.name("is")) {
            throw words.failed("You cannot chain multiple tests with is");
        } else if (value) {
            given = new GivenWords(List.of(followed(alone())), Map.of());
        }
        GivenWords other = given;
        return frame -> Tests.of(name, of.of(frame), other.in(frame)) != not;
    }
}
