// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** BLEU as sacrebleu counts it: its tokens "13a", the nearest known length, exponential smoothing, no effective order. */
final class Bleu implements TextMetric.Counting {

    private static final int ORDER = 4;

    // the steps of the tokenizer, in order
    private record Step(Pattern find, String replace) {
        static Step of(String find, String replace) {
            return new Step(Pattern.compile(find), replace);
        }
    }

    private static final List<Step> STEPS = List.of(
            Step.of("([{-~\\[-` -&(-+:-@/])", " $1 "),
            Step.of("([^0-9])([.,])", "$1 $2 "),
            Step.of("([.,])([^0-9])", " $1 $2"),
            Step.of("([0-9])(-)", "$1 $2 "));

    static List<String> tokens(String text) {
        String line = text.stripTrailing()
                .replace("<skipped>", "")
                .replace("-\n", "")
                .replace("\n", " ")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">");
        String spaced = " " + line + " ";
        for (Step step : STEPS) {
            Matcher matcher = step.find().matcher(spaced);
            spaced = matcher.replaceAll(step.replace());
        }
        return Stream.of(spaced.split("[\\s\\x1c-\\x1f\\x85\\xa0]+"))
                .filter(token -> !token.isEmpty())
                .toList();
    }

    // written length, known length, then for each order those in common and all that were written
    @Override
    public double[] of(String written, List<String> known) {
        List<String> tokens = tokens(written);
        List<List<String>> others = known.stream().map(Bleu::tokens).toList();
        double[] counts = new double[2 + 2 * ORDER];
        counts[0] = tokens.size();
        counts[1] = others.stream()
                .map(List::size)
                .min(Comparator.comparingInt((Integer length) -> Math.abs(length - tokens.size()))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        for (int n = 1; n <= ORDER; n++) {
            int order = n;
            Grams own = Grams.of(tokens, n);
            Grams most = others.stream()
                    .map(other -> Grams.of(other, order))
                    .reduce(Grams::or)
                    .orElseThrow();
            counts[2 * n] = own.common(most);
            counts[2 * n + 1] = own.total();
        }
        return counts;
    }

    @Override
    public double score(double[] sums) {
        double logs = 0;
        double smoothing = 1;
        boolean any = false;
        for (int n = 1; n <= ORDER; n++) {
            any |= sums[2 * n] > 0;
        }
        for (int n = 1; n <= ORDER; n++) {
            double right = sums[2 * n];
            double all = sums[2 * n + 1];
            if (all == 0 || !any) {
                return 0;
            }
            if (right == 0) {
                smoothing *= 2;
            }
            logs += Math.log(right == 0 ? 100 / (smoothing * all) : 100 * right / all);
        }
        double penalty = sums[0] < sums[1] ? Math.exp(1 - sums[1] / sums[0]) : 1;
        return penalty * Math.exp(logs / ORDER);
    }
}
