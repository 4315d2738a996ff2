// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SVAMP's and ASDiv's answers: numbers within 0.001, or else the words themselves. */
final class Numbers implements MathAnswer.Rule {

    private static final double NEAR = 0.001;
    private static final String NUMBER = "[-+]?(?:[0-9]++(?:,[0-9]{3})*+(?:\\.[0-9]++)?|\\.[0-9]++)(?:/[0-9]++)?";
    private static final Pattern EACH = Pattern.compile(NUMBER);
    private static final Pattern WHOLE = Pattern.compile(NUMBER + "(?:;" + NUMBER + ")*+");
    private static final Pattern NEGATIVE_FRACTION = Pattern.compile("-\\(([0-9]++/[0-9]++)\\)");
    private static final Pattern BLANKS = Pattern.compile("\\s++");

    @Override
    public Optional<String> given(String generation) {
        return GivenText.sentence(generation).filter(text -> !text.isEmpty());
    }

    // parts without their units, ";" between them
    @Override
    public String known(String written) {
        List<String> parts = new ArrayList<>();
        for (String part : written.split(";", -1)) {
            String text = GivenText.strip(part);
            Matcher negative = NEGATIVE_FRACTION.matcher(text);
            parts.add(negative.matches() ? "-" + negative.group(1) : withoutUnit(text));
        }
        String known = GivenText.withoutStop(String.join(";", parts));
        if (parts.contains("") || known.isEmpty()) {
            throw GivenText.unknown("not be empty", written);
        }
        return known;
    }

    private static String withoutUnit(String text) {
        int open = text.lastIndexOf('(');
        return open > 0 && text.endsWith(")") ? GivenText.strip(text.substring(0, open)) : text;
    }

    @Override
    public boolean same(String given, String known) {
        if (!WHOLE.matcher(known).matches()) {
            return words(given).equals(words(known));
        }
        Matcher here = EACH.matcher(
                NEGATIVE_FRACTION.matcher(GivenText.plainDigits(given)).replaceAll("-$1"));
        Matcher there = EACH.matcher(known);
        while (there.find()) {
            if (!here.find() || !(Math.abs(value(here.group()) - value(there.group())) <= NEAR)) {
                return false;
            }
        }
        return true;
    }

    private static String words(String text) {
        return BLANKS.matcher(withoutUnit(GivenText.withoutStop(GivenText.strip(text))))
                .replaceAll(" ")
                .toLowerCase(Locale.ROOT);
    }

    private static double value(String number) {
        String plain = number.replace(",", "");
        int slash = plain.indexOf('/');
        return slash < 0
                ? Double.parseDouble(plain)
                : Double.parseDouble(plain.substring(0, slash)) / Double.parseDouble(plain.substring(slash + 1));
    }
}
