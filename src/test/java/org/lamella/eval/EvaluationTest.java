// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.base.Interval;
import org.lamella.base.Matrix;
import org.lamella.data.Split;
import org.lamella.model.Predictions;
import tech.tablesaw.api.Table;

class EvaluationTest {

    private final Split split = Fixture.labelled(100, 4);

    @Test
    void everyMetricOfTheTaskAndTheLossHaveTheirInterval() {
        Evaluation evaluation = Evaluation.of(Fixture.wrongBefore(split, split.size() / 5));

        Interval accuracy = evaluation.value("accuracy");
        assertThat(accuracy.value()).isCloseTo(0.8, within(0.01));
        assertThat(accuracy.low()).isBetween(0.65, 0.76);
        assertThat(accuracy.high()).isBetween(0.84, 0.92);
        assertThat(evaluation.metrics().keySet()).containsExactly("accuracy", "macro F1", "loss");
    }

    @Test
    void theLossIsTheMeanCrossEntropyInNats() {
        Evaluation right = Evaluation.of(Fixture.wrongBefore(split, 0));

        double expected = Math.log(Math.exp(2) + 3) - 2;
        assertThat(right.loss().value()).isCloseTo(expected, within(1e-12));
        assertThat(right.loss().low()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void theTableHasARowPerMetricAndNoNoteWhenAllAreDefined() {
        Table table = Evaluation.of(Fixture.wrongBefore(split, 3)).named("hand").table();

        assertThat(table.columnNames()).containsExactly("metric", "value", "low", "high");
        assertThat(table.stringColumn("metric").asList()).containsExactly("accuracy", "macro F1", "loss");
    }

    @Test
    void aCorrelationWithAConstantIsMissingWithANote() {
        Split numbers = Fixture.targets(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        Predictions constant = Predictions.of(numbers, Matrix.of(numbers.size(), 1, new double[numbers.size()]));

        Evaluation evaluation = Evaluation.of(constant);

        assertThat(evaluation.value("Pearson").value()).isNaN();
        assertThat(evaluation.table().stringColumn("note").get(0)).isEqualTo("undefined: the answers are constant");
        assertThat(evaluation.provenance().warnings()).contains("Pearson undefined: the answers are constant");
    }

    @Test
    void twoThousandResamplesOfTwoThousandExamplesTakeLessThanASecond() {
        Split large = Fixture.labelled(2_500, 8);
        Predictions predictions = Fixture.wrongBefore(large, 200);
        Evaluation.of(predictions);

        long start = System.nanoTime();
        Evaluation.of(predictions);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void theSameAnswersGiveTheSameEvaluation() {
        Evaluation first = Evaluation.of(Fixture.wrongBefore(split, 7));
        Evaluation second = Evaluation.of(Fixture.wrongBefore(split, 7));

        assertThat(first.metrics()).isEqualTo(second.metrics());
        assertThat(first.provenance()).isEqualTo(second.provenance());
    }

    @Test
    void anUnknownMetricListsThoseOfTheTask() {
        Evaluation evaluation = Evaluation.of(Fixture.wrongBefore(split, 7));

        assertThatThrownBy(() -> evaluation.value("acuracy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metric must be one of accuracy, macro F1, loss; got \"acuracy\""
                        + "; did you mean \"accuracy\"?");
    }

    @Test
    void anEmptySplitCannotBeMeasured() {
        Split empty = split.head(0);
        Predictions none = Predictions.of(empty, Matrix.of(0, 4, new double[0]));

        assertThatThrownBy(() -> Evaluation.of(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("split must hold at least one example to be measured; got train.head(0) with 0");
    }

    @Test
    void theConfusionCountsEachTruthWithEachAnswer() {
        Confusion confusion =
                Evaluation.of(Fixture.wrongBefore(split, 8)).named("hand").confusion();

        int all = 0;
        int wrong = 0;
        for (int truth = 0; truth < 4; truth++) {
            for (int answer = 0; answer < 4; answer++) {
                all += confusion.count(truth, answer);
                wrong += truth == answer ? 0 : confusion.count(truth, answer);
            }
        }
        assertThat(all).isEqualTo(split.size());
        assertThat(wrong).isEqualTo(8);
        assertThat(confusion.table().columnNames())
                .containsExactly(
                        "truth", "answered label 0", "answered label 1", "answered label 2", "answered label 3");
        assertThat(confusion.chart().toString()).startsWith("The most frequent mistake is label ");
    }

    @Test
    void aRegressionHasNoConfusion() {
        Split numbers = Fixture.targets(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        Evaluation evaluation = Evaluation.of(Predictions.of(
                numbers,
                Matrix.of(
                        numbers.size(),
                        1,
                        numbers.examples().stream().mapToDouble(e -> e.target()).toArray())));

        assertThat(evaluation.value("Spearman").value()).isEqualTo(1);
        assertThatThrownBy(evaluation::confusion)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("confusion must be asked of a task with labels; got "
                        + numbers.task().name() + ", a regression");
    }

    @Test
    void theMistakesAreThoseOfThePredictions() {
        Evaluation evaluation = Evaluation.of(Fixture.wrongBefore(split, 5));

        assertThat(evaluation.mistakes().table().rowCount()).isEqualTo(5);
    }

    @Test
    void itSaysInOneLineWhatItIs() {
        Evaluation evaluation = Evaluation.of(Fixture.wrongBefore(split, 0)).named("perfect");

        assertThat(evaluation.toString())
                .isEqualTo("perfect on train: accuracy 1.0000 (1.0000 to 1.0000), macro F1 1.0000 (1.0000 to 1.0000),"
                        + " loss 0.3408 (0.3408 to 0.3408)");
        assertThat(List.of(evaluation.chart().getTraces())).hasSize(1);
    }
}
