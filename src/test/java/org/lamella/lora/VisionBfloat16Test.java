// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.model.Batch;
import org.lamella.model.Batches;
import org.lamella.model.Golden;
import org.lamella.model.GoldenPictures;
import org.lamella.model.PaddedBatch;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** A model that sees in bfloat16, pairs on both towers in single precision, against PEFT: make.py made the numbers. */
final class VisionBfloat16Test {

    // of a number in bfloat16, relative to it
    private static final double ROUNDING = 1.0 / 256;

    @Test
    void inBfloat16StatesLossesAndGradientsArePeftsUpToItsRounding() {
        SafeTensors file = SafeTensors.open(Golden.path("llava/llama/bfloat16.safetensors"));
        SafeTensors start = SafeTensors.open(Golden.path("llava/llama/gradients.safetensors"));
        JsonObject expected = GoldenPictures.json("llava/llama/expected.json");
        Lora recipe = VisionTrainingTest.llavaRecipe("llama", "both");
        try (Transformer whole = VisionTrainingTest.llava("llama");
                Transformer model = whole.dtype(DType.BF16);
                Scope scope = Scope.open()) {
            Batches batches = GoldenPictures.answered(model, expected);
            int[] all = IntStream.range(0, batches.split().size()).toArray();
            Batch batch = batches.of(all, scope);
            PaddedBatch padded =
                    new PaddedBatch(SafeTensors.open(Golden.path("llava/llama/states.safetensors")), "", scope);
            List<Tensor> states = model.pass().states(batch, Optional.empty(), scope);
            assertThat(states.get(0).dtype()).isEqualTo(DType.BF16);
            for (int layer : new int[] {0, 3}) {
                float[] given = file.tensor("hidden." + layer, scope).floats();
                Golden.assertClose(states.get(layer).floats(), padded.real(given, 32), 8 * ROUNDING, "layer " + layer);
            }

            Adapter adapter = VisionTrainingTest.given(
                    FreshAdapter.of(recipe, model, batches.split(), Training.standard()), start, "both", false);
            Trainer trainer = Trainer.of(recipe, model, Training.standard(), adapter, batches, List.of());
            try (AdamW optimizer = trainer.optimizer()) {
                double loss = trainer.backward(model.pass(), batch, 1.0 / batch.answerTokens(), scope);

                assertThat(loss).isCloseTo(file.tensor("adapted.loss", scope).item(), within(4 * ROUNDING));
                VisionTrainingTest.named(adapter).forEach((name, tensor) -> {
                    String full = "gradient.base_model.model." + name;
                    Golden.assertClose(
                            tensor.gradient(scope).floats(),
                            file.tensor(full, scope).floats(),
                            16 * ROUNDING,
                            full);
                });
            }
        }
    }
}
