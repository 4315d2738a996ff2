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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.data.Example;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Each family of encoders against Hugging Face transformers: src/test/golden/make.py made the numbers. */
final class EncoderGoldenTest {

    private static final double TOLERANCE = 1e-5;
    private static final List<String> FAMILIES = List.of("bert", "roberta", "deberta");

    private static List<Arguments> batches() {
        List<Arguments> batches = new ArrayList<>();
        for (String family : FAMILIES) {
            for (String batch : List.of("short", "pairs", "full", "wide", "equal")) {
                batches.add(Arguments.of(family, batch));
            }
        }
        batches.add(Arguments.of("roberta", "padding")); // padding tokens written in the text
        return batches;
    }

    @ParameterizedTest
    @MethodSource("batches")
    void everyHiddenStateIsHuggingFaces(String family, String name) {
        try (Transformer model = Transformer.load(Golden.path(family + "/model"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path(family + "/hidden.safetensors"));
            PaddedBatch padded = new PaddedBatch(file, name + ".", scope);

            List<Tensor> states = model.pass().states(padded.batch(scope), Optional.empty(), scope);

            for (int layer = 0; layer <= model.depth(); layer++) {
                float[] expected = padded.real(
                        file.tensor(name + ".hidden." + layer, scope).floats(), model.width());
                assertClose(states.get(layer).floats(), expected, TOLERANCE, name + " layer " + layer);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void logitsAndLossOfAClassifierAreHuggingFaces(String family, String name) {
        assertAnswersAndLoss(family, "model", name + ".", name + ".labels", name + ".");
    }

    @ParameterizedTest
    @MethodSource("batches")
    void valuesAndLossOfARegressionAreHuggingFaces(String family, String name) {
        assertAnswersAndLoss(family, "regression", name + ".", name + ".targets", name + ".regression.");
    }

    private static void assertAnswersAndLoss(
            String family, String folder, String texts, String truth, String expected) {
        try (Transformer model = Transformer.load(Golden.path(family + "/" + folder));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path(family + "/hidden.safetensors"));
            Batch batch = new PaddedBatch(file, texts, scope).batch(scope);
            Head head = model.head().orElseThrow();

            Tensor answers = model.pass().answer(batch, Optional.empty(), head, scope);
            Tensor loss = model.pass().loss(answers, file.tensor(truth, scope), head, scope);

            assertThat(head.regression()).isEqualTo(folder.equals("regression"));
            assertClose(
                    answers.floats(), file.tensor(expected + "logits", scope).floats(), TOLERANCE, "answers");
            assertThat(loss.item() / batch.size())
                    .isCloseTo(file.tensor(expected + "loss", scope).item(), within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void theLastLayerAtOneTokenIsThatRowOfTheWhole(String family, String name) {
        try (Transformer model = Transformer.load(Golden.path(family + "/model"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path(family + "/hidden.safetensors"));
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

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void anEncoderWithoutPrefixAndHeadHasTheSameStates(String family) {
        try (Transformer whole = Transformer.load(Golden.path(family + "/model"));
                Transformer encoder = Transformer.load(Golden.path(family + "/encoder"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path(family + "/hidden.safetensors"));
            Batch batch = new PaddedBatch(file, "wide.", scope).batch(scope);

            float[] expected =
                    whole.pass().states(batch, Optional.empty(), scope).get(4).floats();
            float[] actual =
                    encoder.pass().states(batch, Optional.empty(), scope).get(4).floats();

            assertThat(actual).isEqualTo(expected);
            assertThat(encoder.head()).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void tokensAreHuggingFacesAlsoWhenCut(String family) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(Golden.path(family + "/model"));
        JsonObject inputs = JsonParser.parseString(Files.readString(Golden.path(family + "/inputs.json")))
                .getAsJsonObject();

        for (JsonElement element : inputs.getAsJsonArray("cases")) {
            JsonObject expected = element.getAsJsonObject();
            List<String> texts = new ArrayList<>();
            texts.add(expected.get("text").getAsString());
            if (!expected.get("pair").isJsonNull()) {
                texts.add(expected.get("pair").getAsString());
            }
            Tokens tokens = tokenizer
                    .encode(
                            List.of(new Example(texts, -1, Double.NaN)),
                            expected.get("max_tokens").getAsInt())
                    .get(0);

            assertThat(ids(tokens)).as(texts.toString()).isEqualTo(longs(expected.getAsJsonArray("ids")));
            assertThat(types(tokens)).as(texts.toString()).isEqualTo(longs(expected.getAsJsonArray("type_ids")));
            assertThat(tokens.uncut()).isEqualTo(expected.get("full_length").getAsInt());
        }
    }

    private static List<Long> ids(Tokens tokens) {
        List<Long> ids = new ArrayList<>();
        for (int t = 0; t < tokens.length(); t++) {
            ids.add(tokens.id(t));
        }
        return ids;
    }

    private static List<Long> types(Tokens tokens) {
        List<Long> types = new ArrayList<>();
        for (int t = 0; t < tokens.length(); t++) {
            types.add(tokens.type(t));
        }
        return types;
    }

    private static List<Long> longs(JsonArray array) {
        List<Long> values = new ArrayList<>();
        array.forEach(value -> values.add(value.getAsLong()));
        return values;
    }
}
