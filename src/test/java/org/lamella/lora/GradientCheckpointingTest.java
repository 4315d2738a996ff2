// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.Golden;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.DType;
import org.lamella.tensor.Tensor;

/** Gradient checkpointing computes the same gradients, bit for bit, with one layer's memory. */
final class GradientCheckpointingTest {

    private static final Training HOW =
            Training.standard().epochs(2).batchSize(8).learningRate(1e-2).baseDropout(false);

    private static List<Integer> bits(Transformer model, Lora recipe, Split split, Training how) {
        Run run = recipe.train(model, split, how);
        List<Integer> bits = new ArrayList<>();
        run.adapter().pairs().values().forEach(modules -> modules.values()
                .forEach(pair -> pair.trained().forEach(tensor -> {
                    for (float number : tensor.floats()) {
                        bits.add(Float.floatToRawIntBits(number));
                    }
                })));
        run.table().doubleColumn("loss").forEach(loss -> bits.add(Float.floatToRawIntBits(loss.floatValue())));
        return bits;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1111", "0110", "0001"})
    void aClassifierLearnsTheSameBits(String mask) {
        try (Transformer model = Tiny.model("encoder")) {
            Lora recipe = Lora.on(LayerSet.parse(mask)).rank(4).targets("query", "dense");
            List<Integer> plain = bits(model, recipe, Tiny.task(24).train(), HOW);

            assertThat(bits(model, recipe, Tiny.task(24).train(), HOW.gradientCheckpointing(true)))
                    .isEqualTo(plain);
            assertThat(bits(model, recipe.dora(), Tiny.task(24).train(), HOW.gradientCheckpointing(true)))
                    .isEqualTo(bits(model, recipe.dora(), Tiny.task(24).train(), HOW));
        }
    }

    @Test
    void everyBiasDownToTheEmbeddingLearnsTheSameBits() {
        try (Transformer model = Tiny.model("encoder")) {
            Lora recipe =
                    Lora.on(LayerSet.parse("0010")).rank(4).targets("query").trainAllBiases();
            Run plain = recipe.train(model, Tiny.task(24).train(), HOW);
            Run again = recipe.train(model, Tiny.task(24).train(), HOW.gradientCheckpointing(true));

            Map<String, Tensor> learnt = again.adapter().whole().saved();
            assertThat(learnt).hasSameSizeAs(plain.adapter().whole().saved());
            plain.adapter().whole().saved().forEach((name, bias) -> assertThat(
                            requireNonNull(learnt.get(name)).floats())
                    .as(name)
                    .isEqualTo(bias.floats()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2"})
    void aDecoderLearnsTheSameBitsInBothPrecisions(String family) {
        try (Transformer model = Transformer.load(Golden.path("decoders/" + family + "/model"))) {
            Lora recipe = Lora.on(model.layers().last(3)).rank(4).targets("q_proj", "down_proj");
            List<Integer> plain = bits(model, recipe, AnswerTrainingTest.answers(), HOW);

            assertThat(bits(model, recipe, AnswerTrainingTest.answers(), HOW.gradientCheckpointing(true)))
                    .isEqualTo(plain);
            Transformer half = model.dtype(DType.BF16);
            assertThat(bits(half, recipe, AnswerTrainingTest.answers(), HOW.gradientCheckpointing(true)))
                    .isEqualTo(bits(half, recipe, AnswerTrainingTest.answers(), HOW));
        }
    }

    @Test
    void dropoutDrawsTheSameBothTimesALayerIsComputed() {
        try (Transformer model = Tiny.model("encoder")) {
            Lora recipe =
                    Lora.on(model.layers()).rank(4).targets("query", "dense").dropout(0.3);
            Training how = HOW.gradientCheckpointing(true).epochs(1);
            List<Integer> first = bits(model, recipe, Tiny.task(24).train(), how);

            assertThat(bits(model, recipe, Tiny.task(24).train(), how)).isEqualTo(first);
            assertThat(bits(model, recipe, Tiny.task(24).train(), how.seed(1))).isNotEqualTo(first);
        }
    }

    @Test
    void costCountsOneLayersMemoryAndASecondWayForward() {
        try (Transformer model = Tiny.model("encoder")) {
            Lora recipe = Lora.on(model.layers()).rank(4);
            Cost plain = Cost.of(model, recipe, HOW);
            Cost again = Cost.of(model, recipe, HOW.gradientCheckpointing(true));

            assertThat(again.allocated()).isLessThan(plain.allocated());
            assertThat(again.forward()).isEqualTo(plain.forward());
            assertThat(again.backward()).isGreaterThan(plain.backward());
            assertThat(HOW.gradientCheckpointing(true)).asString().contains(".gradientCheckpointing(true)");
        }
    }
}
