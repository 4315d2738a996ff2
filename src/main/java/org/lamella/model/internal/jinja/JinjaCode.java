// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in one tag, as jinjava understands it. Filters and tests that there are not, which jinjava passes over, are
 * refused; a loop over some of a list, of which it takes all, becomes two.
 *
 * @param text without the signs of the tag
 * @param line of the template, where the tag begins
 */
record JinjaCode(String text, int line) {

    private static final Pattern FILTER = Pattern.compile("\\|\\s*(\\w+)");
    private static final Pattern TEST = Pattern.compile("\\bis\\s+(?:not\\s+)?(\\w+)");
    private static final Pattern LOOP = Pattern.compile("\\s*for\\b(.*?)\\bin\\b(.*)", Pattern.DOTALL);
    private static final Pattern CONDITION = Pattern.compile("\\bif\\b");

    /** Returns the tag that writes this. */
    String value() {
        check();
        return "{{" + text + "}}";
    }

    /** Returns the tag, or the tags, of this block. */
    String block() {
        check();
        Matcher loop = LOOP.matcher(text);
        if (!loop.matches()) {
            return "{%" + text + "%}";
        }
        String list = loop.group(2);
        Matcher condition = CONDITION.matcher(plain(list, true));
        return condition.find()
                ? some(loop.group(1).strip(), list.substring(0, condition.start()), list.substring(condition.end()))
                : "{%" + text + "%}";
    }

    // a loop that keeps what the condition holds for, and one over these
    private static String some(String names, String list, String condition) {
        String kept = "kept_of_loop";
        String entry = names.contains(",") ? "[" + names + "]" : names;
        return "{% set " + kept + " = [] %}{% for " + names + " in " + list + "%}{% if" + condition + "%}{% do " + kept
                + ".append(" + entry + ") %}{% endif %}{% endfor %}{% for " + names + " in " + kept + " %}";
    }

    private void check() {
        String code = plain(text, false);
        check(FILTER.matcher(code), JinjaTemplate::filters, "filter");
        check(TEST.matcher(code), JinjaTemplate::tests, "test");
    }

    // in Jinja's own words
    private void check(Matcher names, Predicate<String> known, String kind) {
        while (names.find()) {
            String name = names.group(1);
            if (!known.test(name)) {
                throw new JinjaException(line, "No " + kind + " named '" + name + "'.", false);
            }
        }
    }

    // each place as it is, but blanks for what is quoted, and, if wanted, for what is in brackets
    private static String plain(String code, boolean noBrackets) {
        StringBuilder plain = new StringBuilder(code);
        int depth = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            int end = i;
            if (c == '"' || c == '\'') {
                end = Math.min(code.length() - 1, quoted(code, i));
            } else if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth--;
            }
            if (end > i || (noBrackets && depth > 0)) {
                plain.replace(i, end + 1, " ".repeat(end + 1 - i));
            }
            i = end;
        }
        return plain.toString();
    }

    /** Returns the place of the quote that ends what begins at a quote. */
    static int quoted(String text, int begin) {
        int i = begin + 1;
        while (i < text.length() && text.charAt(i) != text.charAt(begin)) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }
}
