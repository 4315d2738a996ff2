// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Locale;
import java.util.Optional;

/** What stands after the last "The answer is: ". White space is what Python takes for it. */
final class GivenText {

    static final String PHRASE = "The answer is: ";
    private static final int SHOWN = 60;

    private GivenText() {}

    /** Returns all that follows; empty without the phrase. */
    static Optional<String> whole(String generation) {
        int at = generation.lastIndexOf(PHRASE);
        return at < 0 ? Optional.empty() : Optional.of(generation.substring(at + PHRASE.length()));
    }

    /** Returns what follows up to the first full stop that ends a line, without it. */
    static Optional<String> sentence(String generation) {
        return whole(generation).map(text -> {
            int end = text.indexOf(".\n");
            return withoutStop(strip(end < 0 ? text : text.substring(0, end)));
        });
    }

    /** Returns a text without one full stop at its end. */
    static String withoutStop(String text) {
        return text.endsWith(".") ? strip(text.substring(0, text.length() - 1)) : text;
    }

    static String strip(String text) {
        int begin = 0;
        int end = text.length();
        while (begin < end && blank(text.charAt(begin))) {
            begin++;
        }
        while (end > begin && blank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    private static boolean blank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** Returns the digits of every script as those of ASCII. */
    static String plainDigits(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int digit = Character.isDigit(c) ? Character.digit(c, 10) : -1;
            plain.appendCodePoint(digit < 0 ? c : '0' + digit);
        });
        return plain.toString();
    }

    /** Returns the exception that says that the data hold no answer. */
    static IllegalArgumentException unknown(String rule, String written) {
        String end = written.length() <= SHOWN ? written : "…" + written.substring(written.length() - SHOWN);
        return new IllegalArgumentException("known answer must " + rule + "; got \"" + end.replace("\n", "\\n") + "\"");
    }

    /** Returns a number as people write it, so that whole ones have no point. */
    static String written(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.format(Locale.ROOT, "%.0f", number + 0.0)
                : Double.toString(number);
    }
}
