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

/** Reads what binds closer than any sign: numbers, names, brackets, and the fields, calls, filters and tests after them. */
final class Terms {

    private static final Expression NONE = Expression.always(None.NONE);

    private final Words words;
    private final Expressions expressions;

    Terms(Words words, Expressions expressions) {
        this.words = words;
        this.expressions = expressions;
    }

    /** Returns the next term with the signs before it, and, if wanted, the filters after it. */
    Expression signed(boolean filters) {
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
            Expression value = expressions.listed(true, ")");
            words.sign(")");
            return value;
        }
        if (words.takenSign("[")) {
            List<Expression> all = new ArrayList<>();
            while (!words.now().sign("]")) {
                all.add(expressions.next());
                if (!words.takenSign(",")) {
                    break;
                }
            }
            words.sign("]");
            return frame -> Expressions.values(all, frame);
        }
        if (words.takenSign("{")) {
            return map();
        }
        throw words.failed("unexpected " + now.called());
    }

    private Expression map() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!words.now().sign("}")) {
            Expression key = expressions.next();
            words.sign(":");
            entries.put(key, expressions.next());
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
        return words.now().sign(":") || words.now().sign("]") ? Optional.empty() : Optional.of(expressions.next());
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
                named.put(name, expressions.next());
            } else if (named.isEmpty()) {
                values.add(expressions.next());
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
