// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamella.base.Names;

/**
 * A number that says how near written texts are to known ones, of which each may have several. More is better.
 *
 * <p>{@link #BLEU} and {@link #CHRF} are those of sacrebleu with its defaults, counted over all texts together, 0 to 100;
 * {@link #ROUGE_1}, {@link #ROUGE_2} and {@link #ROUGE_L} the F of rouge-score without stemming, the mean over the texts,
 * 0 to 1, of several known texts the nearest; {@link #EXACT_MATCH} and {@link #TOKEN_F1} those of SQuAD, likewise.
 */
public final class TextMetric {

    /** BLEU-4 with sacrebleu's tokens "13a" and exponential smoothing (Papineni et al. 2002, Post 2018), 0 to 100. */
    public static final TextMetric BLEU = new TextMetric("BLEU", new Bleu());

    /** chrF2: F with beta 2 of n-grams of 1 to 6 characters without blanks (Popović 2015), 0 to 100. */
    public static final TextMetric CHRF = new TextMetric("chrF", new Chrf());

    /** F of single words (Lin 2004), 0 to 1. */
    public static final TextMetric ROUGE_1 = new TextMetric("ROUGE-1", Rouge.ofWords(1));

    /** F of pairs of words, 0 to 1. */
    public static final TextMetric ROUGE_2 = new TextMetric("ROUGE-2", Rouge.ofWords(2));

    /** F of the longest common subsequence of words, 0 to 1. */
    public static final TextMetric ROUGE_L = new TextMetric("ROUGE-L", Rouge.longest());

    /** The share of texts that are a known one but for case, punctuation, articles and blanks (Rajpurkar et al. 2016). */
    public static final TextMetric EXACT_MATCH = new TextMetric("exact match", Squad.exact());

    /** F of the words in common, as {@link #EXACT_MATCH} takes texts, 0 to 1. */
    public static final TextMetric TOKEN_F1 = new TextMetric("token F1", Squad.f1());

    private static final List<TextMetric> ALL = List.of(BLEU, CHRF, ROUGE_1, ROUGE_2, ROUGE_L, EXACT_MATCH, TOKEN_F1);

    /** What a metric counts of each text, to be summed over texts, and the number made of the sums. */
    interface Counting {

        /** Returns the counts of a text; always as many. */
        double[] of(String written, List<String> known);

        /** Returns the number of summed counts. */
        double score(double[] sums);
    }

    private final String name;
    private final String recipe;
    private final Counting counting;

    private TextMetric(String name, Counting counting) {
        this(name, "TextMetric.named(" + Names.quoted(name) + ")", counting);
    }

    private TextMetric(String name, String recipe, Counting counting) {
        this.name = name;
        this.recipe = recipe;
        this.counting = counting;
    }

    /** Returns the metric of that name; a name that is not known is an error that lists those that are. */
    public static TextMetric named(String name) {
        List<String> known = ALL.stream().map(TextMetric::name).toList();
        return ALL.stream()
                .filter(metric -> metric.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("metric of texts must be one of "
                        + String.join(", ", known) + "; got \"" + name + "\"" + Names.didYouMean(name, known)));
    }

    /** Returns every metric of texts. */
    public static List<TextMetric> all() {
        return ALL;
    }

    /** Returns the share of texts whose mathematical answer is right by a rule. */
    public static TextMetric right(MathAnswer rule) {
        return new TextMetric(
                "accuracy",
                "TextMetric.right(MathAnswer." + rule.name() + ")",
                new Mean((written, known) -> known.stream().anyMatch(text -> rule.right(written, text)) ? 1 : 0));
    }

    /** Returns the name, as tables print it and {@link #named} takes it; of {@link #right} it is {@code accuracy}. */
    public String name() {
        return name;
    }

    /** Returns the expression that makes it. */
    public String recipe() {
        return recipe;
    }

    /**
     * Returns the metric of some texts together.
     *
     * @param written the texts, at least one
     * @param known the texts that each could have been, at least one of each
     */
    public double of(List<String> written, List<List<String>> known) {
        requireAsMany(written, known);
        List<double[]> counts = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            counts.add(counts(written.get(i), known.get(i)));
        }
        return score(counts);
    }

    static void requireAsMany(List<String> written, List<List<String>> known) {
        if (written.isEmpty() || written.size() != known.size()) {
            throw new IllegalArgumentException("known must be as many as the written texts, at least one; got "
                    + known.size() + " for " + written.size());
        }
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).isEmpty()) {
                throw new IllegalArgumentException(
                        "known must hold at least one text for each written one; got none for text " + i);
            }
        }
    }

    /** Returns the metric of one text alone. */
    public double of(String written, String... known) {
        return of(List.of(written), List.of(Arrays.asList(known)));
    }

    double[] counts(String written, List<String> known) {
        return counting.of(written, known);
    }

    double score(List<double[]> counts) {
        double[] sums = new double[counts.get(0).length];
        for (double[] each : counts) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += each[i];
            }
        }
        return counting.score(sums);
    }

    @Override
    public String toString() {
        return name;
    }

    /** The mean of a number of each text. */
    record Mean(OfText each) implements Counting {

        interface OfText {
            double of(String written, List<String> known);
        }

        @Override
        public double[] of(String written, List<String> known) {
            return new double[] {each.of(written, known), 1};
        }

        @Override
        public double score(double[] sums) {
            return sums[0] / sums[1];
        }
    }
}
