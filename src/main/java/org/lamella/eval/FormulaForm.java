// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The form in which the MATH benchmark compares formulas (Hendrycks et al., 2021). The order of the steps is part of it.
 * Where the benchmark's code stops with an error, there is no form, and formulas are compared as they stand.
 */
final class FormulaForm {

    private static final String UNIT = "\\text{ ";
    private static final String ROOT = "\\sqrt";
    private static final String FRACTION = "\\frac";
    // as Python writes integers; longer ones it refuses to read
    private static final Pattern QUOTIENT = Pattern.compile("(0|-?[1-9][0-9]{0,4298}+)/(0|-?[1-9][0-9]{0,4298}+)");

    private FormulaForm() {}

    static Optional<String> of(String formula) {
        return withoutUnit(withoutDecoration(formula))
                .map(FormulaForm::completed)
                .flatMap(FormulaForm::rooted)
                .map(text -> text.replace(" ", ""))
                .flatMap(FormulaForm::fractioned)
                .map(text -> text.equals("0.5") ? "\\frac{1}{2}" : text)
                .map(text -> QUOTIENT.matcher(text).matches() ? quotient(text) : text);
    }

    private static String withoutDecoration(String formula) {
        return formula.replace("\n", "")
                .replace("\\!", "")
                .replace("\\\\", "\\")
                .replace("tfrac", "frac")
                .replace("dfrac", "frac")
                .replace("\\left", "")
                .replace("\\right", "")
                .replace("^{\\circ}", "")
                .replace("^\\circ", "")
                .replace("\\$", "");
    }

    // a \text{ that begins with a blank is a unit; two of them are an error there
    private static Optional<String> withoutUnit(String formula) {
        int unit = formula.indexOf(UNIT);
        if (unit < 0) {
            return Optional.of(formula);
        }
        return formula.indexOf(UNIT, unit + UNIT.length()) < 0
                ? Optional.of(formula.substring(0, unit))
                : Optional.empty();
    }

    private static String completed(String formula) {
        String text = formula.replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.");
        text = text.startsWith(".") ? "0" + text : text;
        int equals = text.indexOf('=');
        boolean once = equals >= 0 && text.indexOf('=', equals + 1) < 0;
        return once && text.codePointCount(0, equals) <= 2 ? text.substring(equals + 1) : text;
    }

    private static Optional<String> rooted(String formula) {
        String[] pieces = formula.split(Pattern.quote(ROOT), -1);
        StringBuilder whole = new StringBuilder(pieces[0]);
        for (int i = 1; i < pieces.length; i++) {
            String piece = pieces[i];
            if (piece.isEmpty()) {
                return Optional.empty();
            }
            if (piece.startsWith("{")) {
                whole.append(ROOT).append(piece);
            } else {
                int first = piece.offsetByCodePoints(0, 1);
                whole.append(ROOT)
                        .append('{')
                        .append(piece, 0, first)
                        .append('}')
                        .append(piece, first, piece.length());
            }
        }
        return Optional.of(whole.toString());
    }

    // one that ends after its numerator leaves all as they stand
    private static Optional<String> fractioned(String formula) {
        String[] pieces = formula.split(Pattern.quote(FRACTION), -1);
        StringBuilder whole = new StringBuilder(pieces[0]);
        for (int i = 1; i < pieces.length; i++) {
            String piece = pieces[i];
            if (piece.isEmpty()) {
                return Optional.empty();
            }
            whole.append(FRACTION);
            if (piece.startsWith("{")) {
                whole.append(piece);
                continue;
            }
            int first = piece.offsetByCodePoints(0, 1);
            if (first == piece.length()) {
                return Optional.of(formula);
            }
            whole.append('{').append(piece, 0, first).append('}');
            int second = piece.charAt(first) == '{' ? first : piece.offsetByCodePoints(first, 1);
            if (second > first) {
                whole.append('{').append(piece, first, second).append('}');
            }
            whole.append(piece, second, piece.length());
        }
        return Optional.of(whole.toString());
    }

    private static String quotient(String text) {
        int slash = text.indexOf('/');
        return FRACTION + "{" + text.substring(0, slash) + "}{" + text.substring(slash + 1) + "}";
    }
}
