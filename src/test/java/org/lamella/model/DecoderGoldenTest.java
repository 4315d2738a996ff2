// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lamella.model.Golden.assertClose;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/** Each family of decoders against Hugging Face transformers: src/test/golden/make.py made the numbers. */
final class DecoderGoldenTest {

    private static final double TOLERANCE = 1e-5;
    private static final List<String> FAMILIES =
            List.of("llama", "llama-biased", "mistral", "qwen2", "gemma", "gemma2");

    private static List<Arguments> batches() {
        List<Arguments> batches = new ArrayList<>();
        for (String family : FAMILIES) {
            for (String batch : List.of("short", "wide", "full", "equal")) {
                batches.add(Arguments.of(family, batch));
            }
        }
        return batches;
    }

    @ParameterizedTest
    @MethodSource("batches")
    void everyHiddenStateIsHuggingFacesBeforeAndAfterTheLastNorm(String family, String name) {
        try (Transformer model = Transformer.load(Golden.path("decoders/" + family + "/model"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path("decoders/" + family + "/states.safetensors"));
            PaddedBatch padded = new PaddedBatch(file, name + ".", scope);
            Pass pass = model.pass();

            List<Tensor> states = pass.states(padded.batch(scope), Optional.empty(), scope);

            for (int layer = 0; layer <= model.depth(); layer++) {
                assertClose(
                        states.get(layer).floats(),
                        padded.real(
                                file.tensor(name + ".hidden." + layer, scope).floats(), model.width()),
                        TOLERANCE,
                        name + " layer " + layer);
            }
            assertClose(
                    pass.normed(states.get(model.depth()), scope).floats(),
                    padded.real(file.tensor(name + ".normed", scope).floats(), model.width()),
                    TOLERANCE,
                    name + " normed");
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void logitsOfTheNextWordAreHuggingFaces(String family, String name) {
        try (Transformer model = Transformer.load(Golden.path("decoders/" + family + "/model"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path("decoders/" + family + "/states.safetensors"));
            PaddedBatch padded = new PaddedBatch(file, name + ".", scope);
            Pass pass = model.pass();
            Tensor last =
                    pass.states(padded.batch(scope), Optional.empty(), scope).get(model.depth());

            float[] logits = pass.next(last, scope).floats();

            float[] all = file.tensor(name + ".logits", scope).floats();
            int words = (int) file.tensor(name + ".logits", scope).size(-1);
            float[] expected = name.equals("full") ? all : padded.real(all, words);
            float[] actual = new float[expected.length]; // of the long text the last ones are kept
            System.arraycopy(logits, logits.length - actual.length, actual, 0, actual.length);
            assertClose(actual, expected, TOLERANCE, name + " logits");
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void theLastLayerAtSomeTokensIsThoseRowsOfTheWhole(String family, String name) {
        try (Transformer model = Transformer.load(Golden.path("decoders/" + family + "/model"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path("decoders/" + family + "/states.safetensors"));
            Batch batch = new PaddedBatch(file, name + ".", scope).batch(scope);
            Pass pass = model.pass();
            List<Tensor> states = pass.states(batch, Optional.empty(), scope);

            for (Position position : List.of(Position.CLS, Position.LAST)) {
                Tensor rows = pass.layerAt(position, 3, states.get(3), batch, Optional.empty(), scope);

                float[] expected =
                        pass.read(states.get(4), batch, position, scope).floats();
                assertClose(rows.floats(), expected, TOLERANCE, position.name());
            }
        }
    }

    @Test
    void everyWayOfStretchingRotaryPositionsIsHuggingFaces() throws IOException {
        Map<String, JsonElement> configurations = JsonParser.parseString(
                        Files.readString(Golden.path("decoders/turns.json")))
                .getAsJsonObject()
                .asMap();
        SafeTensors file = SafeTensors.open(Golden.path("decoders/turns.safetensors"));
        configurations.forEach((name, config) -> {
            Script script = Script.compile(
                    Rotary.of(Config.parse(config.toString()), 32, 10_000).script());
            try (Scope scope = Scope.open()) {
                Tensor grid = scope.floats(new float[64], 1, 64);

                List<Tensor> turns = script.call("turns").with(grid).many(scope);

                float[] cos = file.tensor(name + ".cos", scope).floats();
                float[] sin = file.tensor(name + ".sin", scope).floats();
                assertClose(turns.get(0).floats(), cos, 1e-6, name + " cosine");
                assertClose(turns.get(1).floats(), sin, 1e-6, name + " sine");
            }
        });
        assertThat(configurations.keySet()).hasSize(5);
    }
}
