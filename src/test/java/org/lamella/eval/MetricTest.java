// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetricTest {

    // confusion: rows are truths; 3 labels, counted by hand
    private static final int[] TRUTH = {0, 0, 0, 1, 1, 2, 2, 2};
    private static final int[] ANSWERS = {0, 0, 1, 1, 2, 2, 2, 0};

    @Test
    void accuracyIsTheShareOfHits() {
        assertThat(Metric.ACCURACY.of(TRUTH, ANSWERS, 3)).isEqualTo(5 / 8.0);
    }

    @Test
    void f1IsThatOfTheSecondLabel() {
        int[] truth = {1, 1, 1, 0, 0};
        int[] answers = {1, 1, 0, 1, 0};

        assertThat(Metric.F1.of(truth, answers, 2)).isEqualTo(2 * 2 / (3.0 + 3.0));
    }

    @Test
    void f1IsZeroWhenThePositiveLabelNeverOccurs() {
        assertThat(Metric.F1.of(new int[] {0, 0}, new int[] {0, 0}, 2)).isZero();
    }

    @Test
    void macroF1WeighsEveryOccurringLabelTheSame() {
        double first = 2 * 2 / (3.0 + 3.0);
        double second = 2 * 1 / (2.0 + 2.0);
        double third = 2 * 2 / (3.0 + 3.0);

        assertThat(Metric.MACRO_F1.of(TRUTH, ANSWERS, 3)).isCloseTo((first + second + third) / 3, within(1e-15));
    }

    @Test
    void macroF1LeavesOutLabelsThatOccurNowhere() {
        assertThat(Metric.MACRO_F1.of(TRUTH, ANSWERS, 7)).isEqualTo(Metric.MACRO_F1.of(TRUTH, ANSWERS, 3));
    }

    @Test
    void matthewsOfTwoLabelsIsTheTextbookFormula() {
        int[] truth = {1, 1, 1, 0, 0, 0, 0};
        int[] answers = {1, 1, 0, 1, 0, 0, 0};
        double expected = (2 * 3 - 1 * 1) / Math.sqrt(3.0 * 3.0 * 4.0 * 4.0);

        assertThat(Metric.MATTHEWS.of(truth, answers, 2)).isCloseTo(expected, within(1e-15));
    }

    @Test
    void matthewsIsZeroWhenOneSideHoldsOneLabelOnly() {
        assertThat(Metric.MATTHEWS.of(TRUTH, new int[8], 3)).isZero();
        assertThat(Metric.MATTHEWS.of(new int[8], ANSWERS, 3)).isZero();
        assertThat(Metric.MATTHEWS.of(new int[8], new int[8], 3)).isZero();
    }

    @Test
    void correlationsOfALineAreOneInEitherDirection() {
        double[] rising = {1, 2, 3, 4};
        double[] falling = {8, 6, 4, 2};

        assertThat(Metric.PEARSON.of(rising, rising)).isEqualTo(1);
        assertThat(Metric.PEARSON.of(rising, falling)).isEqualTo(-1);
        assertThat(Metric.SPEARMAN.of(rising, falling)).isEqualTo(-1);
    }

    @Test
    void spearmanGivesEqualNumbersTheMeanOfTheirRanks() {
        double[] truth = {1, 2, 2, 0.0, -0.0};
        double[] ranks = {3, 4.5, 4.5, 1.5, 1.5};
        double[] answers = {1, 5, 2, 3, 4};

        assertThat(Metric.SPEARMAN.of(truth, answers)).isCloseTo(Metric.PEARSON.of(ranks, answers), within(1e-15));
    }

    @Test
    void correlationWithAConstantIsNotANumber() {
        double[] constant = {2, 2, 2};
        double[] rising = {1, 2, 3};

        assertThat(Metric.PEARSON.of(constant, rising)).isNaN();
        assertThat(Metric.PEARSON.of(rising, constant)).isNaN();
        assertThat(Metric.SPEARMAN.of(rising, constant)).isNaN();
        assertThat(Metric.SPEARMAN.of(new double[] {1}, new double[] {1})).isNaN();
    }

    @Test
    void spearmanOfAResampleEqualsSpearmanOfTheDrawnNumbers() {
        SplittableRandom random = new SplittableRandom(7);
        double[] truth = random.doubles(40).map(d -> Math.round(d * 10)).toArray();
        double[] answers = random.doubles(40).map(d -> Math.round(d * 8)).toArray();
        Correlation prepared = Metric.SPEARMAN.correlation(truth, answers);

        for (int round = 0; round < 50; round++) {
            int[] drawn = random.ints(40, 0, 40).toArray();
            double[] drawnTruth =
                    Arrays.stream(drawn).mapToDouble(i -> truth[i]).toArray();
            double[] drawnAnswers =
                    Arrays.stream(drawn).mapToDouble(i -> answers[i]).toArray();
            assertThat(prepared.of(drawn)).isEqualTo(Metric.SPEARMAN.of(drawnTruth, drawnAnswers));
        }
    }

    @Test
    void aMetricIsFoundByItsName() {
        for (Metric metric : Metric.all()) {
            assertThat(Metric.named(metric.name())).isSameAs(metric);
        }
    }

    @Test
    void anUnknownNameListsThoseKnown() {
        assertThatThrownBy(() -> Metric.named("macro-f1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metric must be one of accuracy, F1, macro F1, Matthews, Pearson, Spearman, token accuracy,"
                        + " token probability; got \"macro-f1\""
                        + "; did you mean \"macro F1\"?");
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatThrownBy(() -> Metric.F1.of(TRUTH, ANSWERS, 3))
                .hasMessage("labels must be 2 for F1; got 3; did you mean \"macro F1\"?");
        assertThatThrownBy(() -> Metric.ACCURACY.of(TRUTH, ANSWERS, 2)).hasMessage("label must be 0 to 1; got 2");
        assertThatThrownBy(() -> Metric.ACCURACY.of(new int[0], new int[0], 2))
                .hasMessage("truth must hold at least one example; got 0");
        assertThatThrownBy(() -> Metric.ACCURACY.of(TRUTH, new int[3], 3))
                .hasMessage("answers must be as many as the examples, 8; got 3");
        assertThatThrownBy(() -> Metric.PEARSON.of(TRUTH, ANSWERS, 3))
                .hasMessage("metric must compare labels (accuracy, F1, macro F1, Matthews); got \"Pearson\"");
        assertThatThrownBy(() -> Metric.ACCURACY.of(new double[] {1}, new double[] {1}))
                .hasMessage("metric must compare numbers (Pearson, Spearman); got \"accuracy\"");
    }
}
