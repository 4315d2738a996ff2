// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.DivergedException;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.Tensor;

/** Trainings that leave the finite numbers: they stop, say where, and keep what was good. */
final class DivergedTest {

    private static final Pattern KEPT = Pattern.compile("Run\\.load\\(Path\\.of\\(\"(.+)\"\\)\\)$");
    private static final Lora RECIPE = Lora.on(LayerSet.all(4)).targets("query", "value", "dense");

    @TempDir
    Path home;

    private String before = "";

    @BeforeEach
    void moveHome() {
        before = System.getProperty("lamella.home", "");
        System.setProperty("lamella.home", home.toString());
    }

    @AfterEach
    void moveBack() {
        if (before.isEmpty()) {
            System.clearProperty("lamella.home");
        } else {
            System.setProperty("lamella.home", before);
        }
    }

    private static Training how(double learningRate) {
        return Training.standard().epochs(4).batchSize(8).warmup(0).learningRate(learningRate);
    }

    private static DivergedException diverging(Transformer model, Training how) {
        Split train = Tiny.task(32).train();
        return catchThrowableOfType(DivergedException.class, () -> RECIPE.train(model, train, how));
    }

    private static Path kept(DivergedException e) {
        Matcher place = KEPT.matcher(e.getMessage());
        assertThat(place.find()).as(e.getMessage()).isTrue();
        return Path.of(place.group(1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e10, 1e30, 1e38, 1e300})
    void aLearningRateFarTooHighStopsAndKeepsFiniteNumbersThatAnswer(double learningRate) {
        try (Transformer model = Tiny.model("encoder")) {
            DivergedException e = diverging(model, how(learningRate));

            Path folder = kept(e);
            assertThat(e)
                    .hasMessage("loss must stay finite; at step " + e.step() + " it was not (last finite loss "
                            + e.lastFiniteLoss() + ", seed 0); a smaller learning rate or a longer warm-up usually"
                            + " helps; what was trained until then is kept: Run.load(Path.of(\"" + folder + "\"))");
            assertThat(folder.startsWith(home)).isTrue();
            Run run = Run.load(folder);
            for (Tensor tensor : tensors(run.adapter())) {
                assertThat(finite(tensor)).isTrue();
            }
            assertThat(run.evaluate(Tiny.task(32).test()).loss().value()).isFinite();
            assertThat(run.steps()).isEqualTo(e.step() - 1);
            assertThat(run.stopped()).isTrue();
            assertThat(run.provenance().warnings().get(0))
                    .matches("diverged at step " + e.step()
                            + "; the adapter is that after step \\d+, the last with which the loss was finite");
        }
    }

    private static List<Tensor> tensors(Adapter adapter) {
        List<Tensor> tensors =
                new ArrayList<>(adapter.head().orElseThrow().parameters().values());
        adapter.pairs().values().forEach(modules -> modules.values().forEach(pair -> {
            tensors.add(pair.down());
            tensors.add(pair.up());
        }));
        return tensors;
    }

    private static boolean finite(Tensor tensor) {
        for (float value : tensor.floats()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void theLastFiniteLossIsThatOfTheStepBefore() {
        try (Transformer model = Tiny.model("encoder")) {
            DivergedException e = diverging(model, how(1e30));

            List<Double> losses =
                    Run.load(kept(e), model).table().doubleColumn("loss").asList();
            assertThat(losses).hasSize(e.step() - 1);
            assertThat(e.lastFiniteLoss()).isEqualTo(losses.get(losses.size() - 1));
        }
    }

    @Test
    void theSameSeedDivergesAtTheSameStep() {
        try (Transformer model = Tiny.model("encoder")) {
            DivergedException once = diverging(model, how(1e30));
            DivergedException again = diverging(model, how(1e30));

            assertThat(again.step()).isEqualTo(once.step());
            assertThat(again.lastFiniteLoss()).isEqualTo(once.lastFiniteLoss());
        }
    }

    @Test
    void aLastStepThatBreaksTheNumbersIsNoResult() {
        try (Transformer model = Tiny.model("encoder")) {
            Split one = Tiny.task(8).train();
            DivergedException e = catchThrowableOfType(
                    DivergedException.class,
                    () -> RECIPE.train(model, one, how(1e300).epochs(1)));

            assertThat(e.step()).isEqualTo(1);
            assertThat(e.lastFiniteLoss()).isNaN();
            Run run = Run.load(kept(e), model);
            assertThat(run.steps()).isZero();
            assertThat(run.model().predict("oil").probabilities()).allMatch(Double::isFinite);
        }
    }

    @Test
    void aHomeThatCannotBeWrittenIsSaidAndTheStepIsNotLost() throws IOException {
        Path file = home.resolve("a-file");
        Files.writeString(file, "not a folder");
        System.setProperty("lamella.home", file.toString());
        try (Transformer model = Tiny.model("encoder")) {
            DivergedException e = diverging(model, how(1e30));

            assertThat(e.getMessage())
                    .startsWith("loss must stay finite; at step " + e.step() + " it was not (last finite loss "
                            + e.lastFiniteLoss() + ", seed 0); a smaller learning rate or a longer warm-up usually"
                            + " helps; what was trained until then could not be kept: [" + file.resolve("diverged"));
        }
    }

    @Test
    void aStopThatIsAskedForWhileItDivergesDoesNotPreventKeeping() {
        try (Transformer model = Tiny.model("encoder")) {
            Split train = Tiny.task(8).train();
            DivergedException e = catchThrowableOfType(DivergedException.class, () -> {
                Thread.currentThread().interrupt();
                RECIPE.train(model, train, how(1e300));
            });

            assertThat(Thread.interrupted()).isTrue();
            assertThat(Run.load(kept(e), model).steps()).isZero();
        }
    }
}
