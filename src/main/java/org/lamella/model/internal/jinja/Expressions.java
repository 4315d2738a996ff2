// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads expressions, by the grammar of Jinja's own parser: the further down a method, the closer its sign binds. */
final class Expressions {

    private static final Set<String> COMPARING = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Words words;
    private final Terms terms;

    Expressions(Words words) {
        this.words = words;
        this.terms = new Terms(words, this);
    }

    /** Returns a reader of what binds closer than any sign. */
    Terms terms() {
        return terms;
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

    static List<Object> values(List<Expression> all, Frame frame) {
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
            case "==" -> Order.equal(left, right);
            case "!=" -> !Order.equal(left, right);
            case "in" -> Values.contains(right, left);
            case "not in" -> !Values.contains(right, left);
            case "<" -> Order.compare(left, right, sign) < 0;
            case "<=" -> Order.compare(left, right, sign) <= 0;
            case ">" -> Order.compare(left, right, sign) > 0;
            default -> Order.compare(left, right, sign) >= 0;
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
        Expression left = terms.signed(true);
        while (words.takenSign("**")) {
            left = computed("**", left, terms.signed(true));
        }
        return left;
    }
}
