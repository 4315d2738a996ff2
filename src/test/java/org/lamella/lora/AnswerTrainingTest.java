// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.model.Golden;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.DType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A decoder learns answers: every scored token of a step weighs the same, however the step is cut up. */
final class AnswerTrainingTest {

    private static final Transformer MODEL = Transformer.load(Golden.path("decoders/llama/model"));
    private static final Lora RECIPE = Lora.on(MODEL.layers()).rank(4).targets("q_proj", "down_proj");
    private static final Training HOW = Training.standard().epochs(3).learningRate(1e-2);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /** Twenty prompts of unlike length, with answers of unlike length. */
    static Split answers() {
        int count = 20;
        StringColumn question = StringColumn.create(
                "question", IntStream.range(0, count).mapToObj(i -> "oil " + "rose ".repeat(i % 5)));
        StringColumn answer = StringColumn.create(
                "answer", IntStream.range(0, count).mapToObj(i -> "the bank " + "cut ".repeat(1 + i % 7) + i));
        return Task.from(Table.create("answers", question, answer))
                .text("question")
                .answer("answer")
                .validation(0)
                .test(0)
                .format(PromptFormat.plain())
                .train();
    }

    @Test
    void microBatchesAddUpToTheLargeBatch() {
        DoubleColumn whole =
                RECIPE.train(MODEL, answers(), HOW.batchSize(20)).table().doubleColumn("loss");
        DoubleColumn parts = RECIPE.train(MODEL, answers(), HOW.batchSize(4).accumulation(5))
                .table()
                .doubleColumn("loss");
        DoubleColumn single = RECIPE.train(MODEL, answers(), HOW.batchSize(1).accumulation(20))
                .table()
                .doubleColumn("loss");

        for (int step = 0; step < whole.size(); step++) {
            assertThat(parts.get(step)).isCloseTo(whole.get(step), within(1e-6));
            assertThat(single.get(step)).isCloseTo(whole.get(step), within(1e-6));
        }
        assertThat(whole.get(whole.size() - 1)).isLessThan(whole.get(0));
    }

    @Test
    void promptsThatLeaveNoRoomAreCountedAndRefusedWhereNoneDoes() {
        Split split = answers();
        int shortest = IntStream.range(0, split.size())
                .map(i -> MODEL.tokens(split.example(i).texts().get(0)).table().rowCount())
                .min()
                .orElseThrow();

        Run run = RECIPE.train(MODEL, split, HOW.epochs(1).maxTokens(shortest + 2));

        assertThat(run.provenance().toString())
                .containsPattern("\\d+ of 20 prompts fill all " + (shortest + 2)
                        + " tokens, so nothing of their answers is learnt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RECIPE.train(MODEL, split, HOW.maxTokens(Math.max(2, shortest - 1))))
                .withMessageContaining("maxTokens must leave room for an answer; got ");
    }

    @Test
    void aStepInWhichNothingIsScoredIsNoStep() {
        Split split = answers();
        int[] lengths = IntStream.range(0, split.size())
                .map(i -> MODEL.tokens(split.example(i).texts().get(0)).table().rowCount())
                .toArray();
        int most = IntStream.of(lengths).min().orElseThrow() + 2;
        int[] some = places(lengths, most, true);
        int[] filled = places(lengths, most, false);
        List<int[]> first = List.of(new int[] {some[0]});
        List<int[]> second = List.of(new int[] {some[1], filled[0]}, new int[] {filled[1]});
        List<int[]> nothing = List.of(new int[] {filled[0]}, new int[] {filled[1]});

        Run plain = trained(split, most, List.of(first, second));
        Run mixed = trained(split, most, List.of(nothing, first, nothing, nothing, second, nothing));

        for (String column : List.of("loss", "learning rate", "gradient norm")) {
            assertThat(mixed.table().doubleColumn(column).asDoubleArray())
                    .as(column)
                    .hasSize(2)
                    .isEqualTo(plain.table().doubleColumn(column).asDoubleArray());
        }
        assertThat(values(mixed)).isEqualTo(values(plain));
        assertThat(mixed.provenance().warnings())
                .containsExactly(filled.length + " of 20 prompts fill all " + most
                        + " tokens, so nothing of their answers is learnt; steps with such prompts alone are left"
                        + " out, 4");
    }

    private static int[] places(int[] lengths, int most, boolean below) {
        return IntStream.range(0, lengths.length)
                .filter(i -> (lengths[i] < most) == below)
                .toArray();
    }

    private static Run trained(Split split, int most, List<List<int[]>> plan) {
        Transformer cutting = MODEL.maxTokens(most);
        Training how = HOW.maxTokens(most);
        return Trainer.of(
                        RECIPE,
                        cutting,
                        how,
                        FreshAdapter.of(RECIPE, cutting, split, how),
                        cutting.batches(split),
                        plan)
                .train();
    }

    private static List<Double> values(Run run) {
        return run.adapter().pairs().values().stream()
                .flatMap(modules -> modules.values().stream())
                .flatMap(pair -> pair.trained().stream())
                .flatMap(tensor -> Arrays.stream(tensor.doubles()).boxed())
                .toList();
    }

    @Test
    void whatIsMeasuredLeavesThoseOutAndSaysHowMany() {
        Split split = answers();
        int[] lengths = IntStream.range(0, split.size())
                .map(i -> MODEL.tokens(split.example(i).texts().get(0)).table().rowCount())
                .toArray();
        int most = IntStream.of(lengths).min().orElseThrow() + 2;
        int[] some = IntStream.range(0, lengths.length)
                .filter(i -> lengths[i] < most)
                .toArray();
        int filled = lengths.length - some.length;
        assertThat(filled).isBetween(1, lengths.length - 2);

        Evaluation measured = Evaluation.measure(MODEL.maxTokens(most), split);

        assertThat(measured.loss().value())
                .isBetween(measured.loss().low(), measured.loss().high());
        assertThat(measured.metrics())
                .isEqualTo(Evaluation.measure(MODEL.maxTokens(most), split.only(some))
                        .metrics());
        assertThat(measured.provenance().warnings())
                .containsExactly(
                        filled + " prompts fill all tokens that the model takes, so nothing of their answers is"
                                + " measured; " + some.length + " are");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.measure(MODEL.maxTokens(2), split))
                .withMessage("maxTokens must leave room for an answer; got 2, which every one of 20 prompts fills");
    }

    @Test
    void aModelThatDoesNotWriteIsRefused() {
        try (Transformer encoder = Tiny.model("encoder")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Lora.on(encoder.layers()).train(encoder, answers(), HOW))
                    .withMessage("model must be able to write for a task with answers; got encoder, bert");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void aPrincipalStartIsFoundInBfloat16AsWell(int iterations) {
        try (Transformer half = MODEL.dtype(DType.BF16)) {
            Lora recipe = iterations == 0 ? RECIPE.pissa() : RECIPE.pissa(iterations);
            Run run = recipe.train(half, answers(), HOW.epochs(1));

            DoubleColumn losses = run.table().doubleColumn("loss");
            double start = RECIPE.train(half, answers(), HOW.epochs(1))
                    .table()
                    .doubleColumn("loss")
                    .get(0);
            assertThat(losses.get(0)).isCloseTo(start, within(0.02)); // it begins where the model is
            assertThat(losses.max()).isFinite();
        }
    }
}
