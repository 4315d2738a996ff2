// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Optional;

/** MATH's answers: formulas that are compared as they are written, once both have the benchmark's form. */
final class Formula implements MathAnswer.Rule {

    private static final String BOXED = "\\boxed";

    /** Returns the formula in the benchmark's form, or as it stands when the benchmark's own code would fail on it. */
    @Override
    public Optional<String> given(String generation) {
        return GivenText.sentence(generation).map(text -> FormulaForm.of(text).orElse(text));
    }

    @Override
    public String known(String written) {
        String answer = written.contains(BOXED) ? boxed(written) : written;
        return FormulaForm.of(answer).orElse(answer);
    }

    // the last \boxed{...} with its braces in pairs
    private static String boxed(String solution) {
        int begin = solution.lastIndexOf(BOXED) + BOXED.length();
        int open = 0;
        for (int i = begin; i < solution.length(); i++) {
            char c = solution.charAt(i);
            open += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == '}' && open == 0) {
                return solution.substring(solution.indexOf('{', begin) + 1, i);
            }
            if (open < 0) {
                break;
            }
        }
        throw GivenText.unknown("stand in \\boxed{}", solution);
    }

    @Override
    public boolean same(String given, String known) {
        return given.equals(known);
    }
}
