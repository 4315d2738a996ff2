// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GSM8K's answers: the first number, rounded. */
final class RoundedNumber implements MathAnswer.Rule {

    // digits of every script, as Python's \d
    private static final Pattern NUMBER = Pattern.compile("[-+]?\\p{Nd}*[.,/]?\\p{Nd}+");
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern KNOWN = Pattern.compile("[-+]?[0-9][0-9,]*+(?:\\.[0-9]*+)?");
    private static final String MARK = "####";
    private static final int MOST_DIGITS = 4300; // of a fraction's halves; Python refuses more

    @Override
    public Optional<String> given(String generation) {
        OptionalDouble number =
                GivenText.whole(generation).map(RoundedNumber::first).orElse(OptionalDouble.empty());
        return number.isPresent() ? Optional.of(GivenText.written(number.getAsDouble())) : Optional.empty();
    }

    private static OptionalDouble first(String text) {
        Matcher found = NUMBER.matcher(text);
        if (!found.find()) {
            return OptionalDouble.empty();
        }
        String number = GivenText.plainDigits(found.group());
        int slash = number.indexOf('/');
        if (slash < 0) {
            return rounded(Double.parseDouble(number.replace(",", "")));
        }
        // only the zero of ASCII, alone
        boolean zero = found.group().endsWith("/0");
        return zero && INTEGER.matcher(number.substring(0, slash)).matches()
                ? rounded(Double.parseDouble(number.substring(0, slash)))
                : fraction(number.substring(0, slash), number.substring(slash + 1));
    }

    private static OptionalDouble fraction(String numerator, String denominator) {
        if (!INTEGER.matcher(numerator).matches() || numerator.length() + denominator.length() > MOST_DIGITS) {
            return OptionalDouble.empty();
        }
        BigDecimal below = new BigDecimal(denominator);
        return below.signum() == 0
                ? OptionalDouble.empty()
                : rounded(new BigDecimal(numerator)
                        .divide(below, MathContext.DECIMAL128)
                        .doubleValue());
    }

    private static OptionalDouble rounded(double number) {
        return Double.isInfinite(number) ? OptionalDouble.empty() : OptionalDouble.of(Math.rint(number));
    }

    @Override
    public String known(String written) {
        int mark = written.lastIndexOf(MARK);
        String text = GivenText.strip(mark < 0 ? written : written.substring(mark + MARK.length()));
        if (!KNOWN.matcher(text).matches()) {
            throw GivenText.unknown("be a number, alone or after ####", written);
        }
        return GivenText.written(Double.parseDouble(text.replace(",", "")));
    }

    @Override
    public boolean same(String given, String known) {
        return Double.parseDouble(given) == Double.parseDouble(known);
    }
}
