// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name a person probably meant, for messages that end in "did you mean ...?". */
public final class Names {

    private Names() {}

    /**
     * Returns the known name nearest to the given one, or nothing when none is near (more than half would change). A known
     * name whose part after the last slash is the given one is nearest.
     */
    public static Optional<String> nearest(String given, Collection<String> known) {
        String wanted = given.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(name -> distance(wanted, name.toLowerCase(Locale.ROOT)) <= Math.max(2, name.length() / 2)
                        || (wanted.length() > 1 && name.toLowerCase(Locale.ROOT).contains(wanted)))
                .min(Comparator.comparingInt(
                                (String name) -> name.toLowerCase(Locale.ROOT).endsWith("/" + wanted)
                                        ? 0
                                        : distance(wanted, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns {@code "; did you mean \"x\"?"} for the nearest known name, or an empty text when none is near. */
    public static String didYouMean(String given, Collection<String> known) {
        return nearest(given, known)
                .map(name -> "; did you mean \"" + name + "\"?")
                .orElse("");
    }

    /** Returns a text as Java writes it down, between quotation marks. */
    public static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** Returns a text of at most sixty characters as it is, else its beginning with three dots: for messages. */
    public static String shortened(String text) {
        return text.length() <= 60
                ? text
                : text.substring(0, Character.isHighSurrogate(text.charAt(56)) ? 56 : 57) + "...";
    }

    // Levenshtein with one row
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
