// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lamella.base.Names;
import org.lamella.data.Task;

/**
 * A number that says how well answers agree with the truth. More is better for every metric here.
 *
 * <p>Degenerate cases are those of scikit-learn and SciPy: {@link #MATTHEWS} is 0 when the truth or the answers hold one
 * label only, F1 is 0 where precision and recall are, and a correlation with a constant is not a number. Sums are in
 * double precision.
 */
public final class Metric {

    /** The share of answers that are the true label, 0 to 1. */
    public static final Metric ACCURACY = ofLabels("accuracy", Agreement::accuracy);

    /**
     * The harmonic mean of precision and recall of the second of two labels, the positive one as in GLUE; 0 when that
     * label occurs neither in the truth nor in the answers.
     */
    public static final Metric F1 = ofLabels("F1", Agreement::f1OfTheSecond);

    /** The mean of the F1 of the labels that occur in the truth or in the answers, each weighing the same. */
    public static final Metric MACRO_F1 = ofLabels("macro F1", Agreement::macroF1);

    /** Matthews' correlation coefficient of any number of labels (Gorodkin 2004), −1 to 1. */
    public static final Metric MATTHEWS = ofLabels("Matthews", Agreement::matthews);

    /** Pearson's correlation of two rows of numbers, −1 to 1. */
    public static final Metric PEARSON = ofNumbers("Pearson");

    /** Spearman's rank correlation, −1 to 1; equal numbers share the mean of their ranks. */
    public static final Metric SPEARMAN = ofNumbers("Spearman");

    /** The share of an answer's tokens that are the most probable after the true ones before them, over all answers. */
    public static final Metric TOKEN_ACCURACY = ofAnswers("token accuracy", TokenSums::accuracy);

    /** The geometric mean of the probabilities of all answers' tokens: one over the perplexity. */
    public static final Metric TOKEN_PROBABILITY = ofAnswers("token probability", TokenSums::probability);

    private static final List<Metric> ALL =
            List.of(ACCURACY, F1, MACRO_F1, MATTHEWS, PEARSON, SPEARMAN, TOKEN_ACCURACY, TOKEN_PROBABILITY);

    private final String name;
    private final Task.Kind kind;
    private final ToDoubleFunction<Agreement> formula;
    private final ToDoubleFunction<TokenSums> ofTokens;

    private Metric(
            String name, Task.Kind kind, ToDoubleFunction<Agreement> formula, ToDoubleFunction<TokenSums> ofTokens) {
        this.name = name;
        this.kind = kind;
        this.formula = formula;
        this.ofTokens = ofTokens;
    }

    private static Metric ofLabels(String name, ToDoubleFunction<Agreement> formula) {
        return new Metric(name, Task.Kind.CLASSIFICATION, formula, sums -> Double.NaN);
    }

    private static Metric ofNumbers(String name) {
        return new Metric(name, Task.Kind.REGRESSION, agreement -> Double.NaN, sums -> Double.NaN);
    }

    private static Metric ofAnswers(String name, ToDoubleFunction<TokenSums> ofTokens) {
        return new Metric(name, Task.Kind.GENERATION, agreement -> Double.NaN, ofTokens);
    }

    /** Returns the metric of that name; a name that is not known is an error that lists those that are. */
    public static Metric named(String name) {
        List<String> known = ALL.stream().map(Metric::name).toList();
        return ALL.stream()
                .filter(metric -> metric.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("metric must be one of " + String.join(", ", known)
                        + "; got \"" + name + "\"" + Names.didYouMean(name, known)));
    }

    /** Returns every metric, those of labels first. */
    public static List<Metric> all() {
        return ALL;
    }

    /** Returns the name, as tables print it and {@link #named} takes it. */
    public String name() {
        return name;
    }

    /** Returns whether it compares labels; otherwise it compares numbers, or judges answers token by token. */
    public boolean comparesLabels() {
        return kind == Task.Kind.CLASSIFICATION;
    }

    /**
     * Returns the metric of labels.
     *
     * @param truth the index of the true label of each example
     * @param answers the index of the answered label of each example
     * @param labels how many labels there are
     */
    public double of(int[] truth, int[] answers, int labels) {
        requireKind(Task.Kind.CLASSIFICATION);
        requireSameSize(truth.length, answers.length);
        Agreement agreement = new Agreement(labels);
        for (int i = 0; i < truth.length; i++) {
            agreement.add(requireLabel(truth[i], labels) * labels + requireLabel(answers[i], labels));
        }
        return of(agreement);
    }

    /**
     * Returns the metric of numbers; not a number when the truth or the answers are constant or fewer than two.
     *
     * @param truth the true number of each example
     * @param answers the answered number of each example
     */
    public double of(double[] truth, double[] answers) {
        requireKind(Task.Kind.REGRESSION);
        requireSameSize(truth.length, answers.length);
        return correlation(truth, answers).of(Correlation.everyone(truth.length));
    }

    /** Returns the metric of labels counted by pair. */
    double of(Agreement agreement) {
        requireTwoForF1(agreement.labels());
        return formula.applyAsDouble(agreement);
    }

    /** Returns the metric of answers whose tokens were summed up. */
    double of(TokenSums sums) {
        return ofTokens.applyAsDouble(sums);
    }

    /** Returns this metric of numbers, ready to be taken of many resamples. */
    Correlation correlation(double[] truth, double[] answers) {
        return this == SPEARMAN ? new Spearman(truth, answers) : new Pearson(truth, answers);
    }

    /** Throws when this metric cannot judge the answers of a task. */
    void requireFits(Task task) {
        requireKind(task.kind());
        if (task.kind() == Task.Kind.CLASSIFICATION) {
            requireTwoForF1(task.labels().size());
        }
    }

    private void requireTwoForF1(int labels) {
        if (this == F1 && labels != 2) {
            throw new IllegalArgumentException(
                    "labels must be 2 for F1; got " + labels + "; did you mean \"" + MACRO_F1.name + "\"?");
        }
    }

    private void requireKind(Task.Kind asked) {
        if (kind != asked) {
            List<String> fitting = ALL.stream()
                    .filter(metric -> metric.kind == asked)
                    .map(Metric::name)
                    .toList();
            String what =
                    switch (asked) {
                        case CLASSIFICATION -> "labels";
                        case REGRESSION -> "numbers";
                        case GENERATION -> "answers";
                    };
            throw new IllegalArgumentException(
                    "metric must compare " + what + " (" + String.join(", ", fitting) + "); got \"" + name + "\"");
        }
    }

    private static void requireSameSize(int truth, int answers) {
        if (truth == 0) {
            throw new IllegalArgumentException("truth must hold at least one example; got 0");
        }
        if (truth != answers) {
            throw new IllegalArgumentException(
                    "answers must be as many as the examples, " + truth + "; got " + answers);
        }
    }

    private static int requireLabel(int label, int labels) {
        if (label < 0 || label >= labels) {
            throw new IllegalArgumentException("label must be 0 to " + (labels - 1) + "; got " + label);
        }
        return label;
    }

    @Override
    public String toString() {
        return name;
    }
}
