// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** ROUGE as rouge-score counts it, without stemming: letters a to z and digits in lower case, F, the nearest known text. */
final class Rouge {

    private Rouge() {}

    static TextMetric.Counting ofWords(int n) {
        return nearest((written, known) -> {
            Grams own = Grams.of(written, n);
            Grams other = Grams.of(known, n);
            return f(own.common(other), own.total(), other.total());
        });
    }

    static TextMetric.Counting longest() {
        return nearest((written, known) -> f(longestCommon(written, known), written.size(), known.size()));
    }

    private interface OfTokens {
        double of(List<String> written, List<String> known);
    }

    private static TextMetric.Counting nearest(OfTokens f) {
        return new TextMetric.Mean((written, known) -> {
            List<String> own = tokens(written);
            return known.stream()
                    .mapToDouble(text -> f.of(own, tokens(text)))
                    .max()
                    .orElseThrow();
        });
    }

    private static List<String> tokens(String text) {
        return Stream.of(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
                .filter(token -> !token.isEmpty())
                .toList();
    }

    static double f(double common, double written, double known) {
        return common == 0 ? 0 : 2 * common / (written + known);
    }

    private static int longestCommon(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1];
        for (String token : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                row[j] = token.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.size()];
    }
}
