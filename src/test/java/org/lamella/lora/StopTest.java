// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.LayerSet;
import org.lamella.base.Progress;
import org.lamella.data.Split;
import org.lamella.eval.Evaluation;
import org.lamella.model.Position;
import org.lamella.model.Predictions;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;
import org.lamella.score.LayerScores;
import org.lamella.tensor.Torch;

/** The notebook's ■ at every place where it may fall: the verb returns what it has, and nothing is lost. */
final class StopTest {

    private static final Lora RECIPE = Lora.on(LayerSet.of(4, 1, 3));
    private static final Training HOW = Training.standard().epochs(2).batchSize(8);

    private static Transformer model;

    @TempDir
    Path temporary;

    @BeforeAll
    static void load() {
        model = Tiny.model("encoder");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @AfterEach
    void noInterruptIsLeftBehind() {
        assertThat(Thread.interrupted()).isFalse();
    }

    /** Runs something and interrupts it once, when the first such event is heard. */
    private static <T> T stoppedAt(Predicate<Progress.Event> when, Supplier<T> work) {
        boolean[] done = {false};
        return Progress.listening(
                event -> {
                    if (!done[0] && when.test(event)) {
                        done[0] = true;
                        Thread.currentThread().interrupt();
                    }
                },
                work);
    }

    private static Predicate<Progress.Event> begin(String work) {
        return event -> event.work().equals(work) && event.done() == 0;
    }

    @Test
    void aStoppedTrainingReturnsARunThatAnswersSavesAndLoads() {
        Split train = Tiny.task(64).train();

        Run run = stoppedAt(begin("training"), () -> RECIPE.train(model, train, HOW));

        assertThat(run.stopped()).isTrue();
        assertThat(run.steps()).isEqualTo(1);
        assertThat(run.provenance().warnings()).containsExactly("stopped after 1 of 16 steps");
        assertThat(run.provenance().facts()).containsEntry("steps", "1 of 16");
        double[] said = run.model().predict(train).probabilities(0);
        run.save(temporary.resolve("run"));
        Run again = Run.load(temporary.resolve("run"));
        assertThat(again.stopped()).isTrue();
        assertThat(again.steps()).isEqualTo(1);
        assertThat(again.model().predict(train).probabilities(0)).isEqualTo(said);
    }

    @Test
    void aTrainingThatEndsIsNotStopped() {
        Run run = RECIPE.train(model, Tiny.task(16).train(), HOW);

        assertThat(run.stopped()).isFalse();
        assertThat(run.steps()).isEqualTo(4);
        assertThat(run.provenance().warnings()).isEmpty();
    }

    @Test
    void aStopDuringAMeasurementStopsTheTrainingAndLeavesTheMeasurementOut() {
        Split many = Tiny.task(3_000).validation();

        Run run = stoppedAt(
                begin("predicting"), () -> RECIPE.train(model, Tiny.task(64).train(), HOW.evaluate(many, 2)));

        assertThat(run.stopped()).isTrue();
        assertThat(run.steps()).isEqualTo(2);
        assertThat(run.measurements().table().rowCount()).isZero();
        assertThat(run.provenance().warnings())
                .containsExactly(
                        "the measurement after step 2 was stopped and is left out", "stopped after 2 of 16 steps");
        assertThat(run.model().predict("oil").labels()).isEqualTo(Tiny.LABELS);
    }

    @Test
    void aStopAtTheLastBatchOfAMeasurementKeepsItAndStopsTheTraining() {
        Split few = Tiny.task(16).validation().head(2); // one batch

        Run run = stoppedAt(
                begin("predicting"), () -> RECIPE.train(model, Tiny.task(64).train(), HOW.evaluate(few, 2)));

        assertThat(run.stopped()).isTrue();
        assertThat(run.steps()).isEqualTo(2);
        assertThat(run.measurements().table().intColumn("step").asList()).containsExactly(2);
    }

    @Test
    void stoppedPredictionsHoldWhatWasAnswered() {
        Split many = Tiny.task(3_000).test();
        try (Transformer own = Tiny.model("model")) {
            Predictions whole = own.predict(many);

            Predictions some = stoppedAt(begin("predicting"), () -> own.predict(many));

            assertThat(some.size()).isBetween(1, many.size() - 1);
            assertThat(some.split().task()).isEqualTo(many.task());
            for (int i = 0; i < some.size(); i++) {
                int at = many.examples().indexOf(some.split().example(i));
                assertThat(some.probabilities(i)).isEqualTo(whole.probabilities(at));
            }
        }
    }

    @Test
    void aStoppedEvaluationSaysOnHowMany() {
        Split many = Tiny.task(3_000).test();
        try (Transformer own = Tiny.model("model")) {
            Evaluation evaluation = stoppedAt(begin("predicting"), () -> Evaluation.measure(own, many));

            int measured = evaluation.predictions().size();
            assertThat(measured).isLessThan(many.size());
            assertThat(evaluation.provenance().warnings())
                    .contains("stopped after " + measured
                            + " of the 3000 examples, the shortest texts first: not representative");
            assertThat(evaluation.provenance().facts())
                    .containsEntry("examples", String.valueOf(measured))
                    .containsEntry("cut", "0 of " + measured + " texts");
        }
    }

    @Test
    void stoppedReadingSaysHowFarItCame() {
        Split many = Tiny.task(3_000).test();

        int[] heard = {0};
        int read = stoppedAt(
                begin("reading states"),
                () -> model.read(many, Position.CLS, (examples, states, scope) -> heard[0] += examples.length));

        assertThat(read).isEqualTo(heard[0]).isBetween(1, many.size() - 1);
        assertThatThrownBy(() -> stoppedAt(begin("reading states"), () -> model.representations(many, Position.CLS)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("reading was stopped after " + read + " of 3000 examples");
    }

    @Test
    void stoppedScoresSayOnHowMany() {
        Split many = Tiny.task(3_000).test();

        LayerScores scores = stoppedAt(begin("reading states"), () -> Cka.scoreLayers(model, many));

        assertThat(scores.provenance().warnings().get(0))
                .matches("scored on the first \\d+ of 3000 examples in order of length: reading was stopped");
    }

    @Test
    void stopsLeaveNoTensorBehind() {
        Split train = Tiny.task(64).train();
        Split many = Tiny.task(3_000).validation();
        stoppedAt(begin("training"), () -> RECIPE.train(model, train, HOW))
                .adapter()
                .close();
        long before = Torch.liveTensors();

        for (int i = 0; i < 5; i++) {
            stoppedAt(begin("training"), () -> RECIPE.train(model, train, HOW))
                    .adapter()
                    .close();
            stoppedAt(begin("predicting"), () -> RECIPE.train(model, train, HOW.evaluate(many, 1)))
                    .adapter()
                    .close();
            stoppedAt(begin("reading states"), () -> Cka.scoreLayers(model, many));
        }

        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before); // a cleaner may free what earlier tests left
    }
}
