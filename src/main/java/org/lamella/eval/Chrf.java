// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Comparator;
import java.util.List;

/** chrF2 as sacrebleu counts it: of several known texts the one that is nearest by itself. */
final class Chrf implements TextMetric.Counting {

    private static final int ORDER = 6;
    private static final double SQUARED_BETA = 4;

    private static List<String> characters(String text) {
        return text.codePoints()
                .filter(point -> !Character.isWhitespace(point) && !Character.isSpaceChar(point))
                .mapToObj(Character::toString)
                .toList();
    }

    // for each order those written, those known, those in common
    @Override
    public double[] of(String written, List<String> known) {
        List<String> own = characters(written);
        return known.stream()
                .map(text -> counts(own, characters(text)))
                .max(Comparator.comparingDouble(this::score)) // of equal ones the first
                .orElseThrow();
    }

    private static double[] counts(List<String> written, List<String> known) {
        double[] counts = new double[3 * ORDER];
        for (int n = 1; n <= ORDER; n++) {
            Grams own = Grams.of(written, n);
            Grams other = Grams.of(known, n);
            int at = 3 * (n - 1);
            // what one side alone has is not counted: sacrebleu leaves such an order out
            counts[at] = other.total() > 0 ? own.total() : 0;
            counts[at + 1] = other.total();
            counts[at + 2] = own.common(other);
        }
        return counts;
    }

    @Override
    public double score(double[] sums) {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int at = 0; at < sums.length; at += 3) {
            if (sums[at] > 0 && sums[at + 1] > 0) {
                precision += sums[at + 2] / sums[at];
                recall += sums[at + 2] / sums[at + 1];
                orders++;
            }
        }
        if (precision + recall == 0) {
            return 0;
        }
        double p = precision / orders;
        double r = recall / orders;
        return 100 * (1 + SQUARED_BETA) * p * r / (SQUARED_BETA * p + r);
    }
}
