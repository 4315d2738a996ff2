// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Locale;
import java.util.Optional;

/** The letter of a choice: alone, or before a full stop. */
final class Letter implements MathAnswer.Rule {

    @Override
    public Optional<String> given(String generation) {
        String text = generation.strip();
        boolean letter = !text.isEmpty() && letter(text.charAt(0));
        return letter && (text.length() == 1 || (text.charAt(1) == '.' && Character.isUpperCase(text.charAt(0))))
                ? Optional.of(text.substring(0, 1).toUpperCase(Locale.ROOT))
                : Optional.empty();
    }

    private static boolean letter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    @Override
    public String known(String written) {
        return written.strip().toUpperCase(Locale.ROOT);
    }

    @Override
    public boolean same(String given, String known) {
        return given.equals(known);
    }
}
