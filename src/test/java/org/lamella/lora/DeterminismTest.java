// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.LayerSet;
import org.lamella.base.Progress;
import org.lamella.data.Split;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.Tensor;

/** The same seed gives the same bits, with every dropout on; for that, one training runs at a time. */
final class DeterminismTest {

    private static final Lora RECIPE =
            Lora.on(LayerSet.of(4, 0, 2)).targets("query", "dense").dropout(0.2);

    @TempDir
    Path temporary;

    private Transformer model = Tiny.model("encoder");

    @BeforeEach
    void loadAModelWithDropout() throws IOException {
        model.close();
        Path folder = Tiny.copy("encoder", temporary.resolve("with-dropout"));
        String config = Files.readString(folder.resolve("config.json"));
        String changed = config.replaceAll("_dropout_prob\": 0.0", "_dropout_prob\": 0.1");
        assertThat(changed).isNotEqualTo(config);
        Files.writeString(folder.resolve("config.json"), changed);
        model = Transformer.load(folder);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static Training how(long seed) {
        return Training.standard().epochs(2).batchSize(8).learningRate(1e-2).seed(seed);
    }

    private Run run(Training how) {
        return RECIPE.train(model, Tiny.task(40).train(), how);
    }

    private static List<float[]> numbers(Run run) {
        List<float[]> numbers = new ArrayList<>();
        run.adapter().pairs().values().forEach(modules -> modules.values().forEach(pair -> {
            numbers.add(pair.down().floats());
            numbers.add(pair.up().floats());
        }));
        for (Tensor tensor : run.adapter().head().orElseThrow().parameters().values()) {
            numbers.add(tensor.floats());
        }
        return numbers;
    }

    private static List<Double> losses(Run run) {
        return run.table().doubleColumn("loss").asList();
    }

    private static void assertSameBits(Run a, Run b) {
        assertThat(losses(a)).isEqualTo(losses(b));
        assertThat(numbers(a)).usingRecursiveComparison().isEqualTo(numbers(b));
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertSameBits(run(how(3)), run(how(3)));
    }

    @Test
    void whatHappensBetweenTwoRunsDoesNotMatter() {
        Run first = run(how(3));
        run(how(4));
        first.model().predict("oil");
        assertSameBits(first, run(how(3)));
    }

    @Test
    void measuringOnTheWayDoesNotChangeTheRun() {
        assertSameBits(run(how(3)), run(how(3).evaluate(Tiny.task(16).validation(), 2)));
    }

    @Test
    void anotherSeedDiffers() {
        Run a = run(how(3));
        Run b = run(how(4));

        assertThat(losses(a)).isNotEqualTo(losses(b));
        assertThat(numbers(a).get(0)).isNotEqualTo(numbers(b).get(0));
    }

    @Test
    void dropoutIsOnAndCanBeTurnedOff() {
        Run on = run(how(3));
        Run off = RECIPE.dropout(0).train(model, Tiny.task(40).train(), how(3).baseDropout(false));

        assertThat(losses(on)).isNotEqualTo(losses(off));
    }

    @Test
    void aSecondTrainingAtTheSameTimeIsRefusedAndTheFirstIsUndisturbed() throws Exception {
        Split train = Tiny.task(40).train();
        Run alone = run(how(3));
        CountDownLatch trains = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        FutureTask<Run> first = new FutureTask<>(() -> Progress.listening(
                event -> {
                    if (event.work().equals("training") && event.done() == 0) {
                        trains.countDown();
                        await(tried);
                    }
                },
                () -> run(how(3))));
        new Thread(first, "cell 1").start();
        await(trains);

        try {
            assertThatThrownBy(() -> RECIPE.train(model, train, how(3)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("training must be the only one in this JVM, which has one random stream; got a second"
                            + " in thread \"" + Thread.currentThread().getName() + "\" while thread \"cell 1\" trains");
            assertThat(alone.model().predict("oil").labels()).isEqualTo(Tiny.LABELS);
        } finally {
            tried.countDown();
        }

        assertSameBits(result(first), alone);
        assertSameBits(run(how(3)), alone);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Run result(FutureTask<Run> task) throws InterruptedException, ExecutionException {
        return task.get();
    }

    @Test
    void aTrainingThatFailsLetsTheNextOneBegin() {
        assertThatThrownBy(() -> Progress.listening(
                        event -> {
                            throw new IllegalStateException("the listener fails");
                        },
                        () -> run(how(3))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the listener fails");

        assertThat(run(how(3)).steps()).isEqualTo(10);
    }
}
