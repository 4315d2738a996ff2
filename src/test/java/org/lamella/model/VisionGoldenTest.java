// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lamella.model.Golden.assertClose;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.picture.Picture;
import org.lamella.data.Split;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** CLIP's vision tower and LLaVA against Hugging Face transformers: src/test/golden/make.py made the numbers. */
final class VisionGoldenTest {

    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    private static Split pictures() {
        return GoldenPictures.labelled(GoldenPictures.json("clip/expected.json"), "circle", "rectangle", "triangle");
    }

    private static int[] all(Batches batches) {
        return IntStream.range(0, batches.split().size()).toArray();
    }

    @Test
    void theTowerAloneHasHuggingFacesStatesLogitsAndLoss() {
        try (Transformer model = Transformer.load(Golden.path("clip/model"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path("clip/states.safetensors"));
            Batches batches = model.batches(pictures());
            Batch batch = batches.of(all(batches), scope);
            Pass pass = model.pass();

            List<Tensor> states = pass.states(batch, Optional.empty(), scope);

            for (int layer = 0; layer <= 4; layer++) {
                assertClose(
                        states.get(layer).floats(),
                        file.tensor("hidden." + layer, scope).floats(),
                        TOLERANCE,
                        "layer " + layer);
            }
            Head head = model.head().orElseThrow();
            assertThat(head.labels()).containsExactly("circle", "rectangle", "triangle");
            assertClose(
                    pass.answer(batch, Optional.empty(), head, scope).floats(),
                    file.tensor("logits", scope).floats(),
                    TOLERANCE,
                    "logits");
            Predictions predictions = model.predict(pictures());
            double loss = IntStream.range(0, 6)
                    .mapToDouble(predictions::loss)
                    .average()
                    .orElseThrow();
            assertThat(loss).isCloseTo(file.tensor("loss", scope).item(), within(1e-5));
            assertThat(model.predict(GoldenPictures.picture("rgb.png"))
                            .probabilities()
                            .get(1))
                    .isCloseTo(predictions.probabilities(0)[1], within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "mistral", "gemma", "gemma2"})
    void everyStateOfBothTowersIsHuggingFaces(String variant) {
        try (Transformer model = Transformer.load(Golden.path("llava/" + variant + "/model"));
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path("llava/" + variant + "/states.safetensors"));
            JsonObject expected = GoldenPictures.json("llava/" + variant + "/expected.json");
            requireStates(model, file, expected, scope);
        }
    }

    private static void requireStates(Transformer model, SafeTensors file, JsonObject expected, Scope scope) {
        Batches batches = GoldenPictures.answered(model, expected);
        Batch batch = batches.of(all(batches), scope);
        PaddedBatch padded = new PaddedBatch(file, "", scope);
        assertThat(batch.ids().longs()).isEqualTo(padded.batch(scope).ids().longs());
        Pass pass = model.pass();

        List<Tensor> states = pass.states(batch, Optional.empty(), scope);

        for (int layer = 0; layer <= 4; layer++) {
            float[] all = file.tensor("hidden." + layer, scope).floats();
            assertClose(states.get(layer).floats(), padded.real(all, 32), TOLERANCE, "layer " + layer);
        }
        assertClose(
                pass.normed(states.get(4), scope).floats(),
                padded.real(file.tensor("normed", scope).floats(), 32),
                TOLERANCE,
                "normed");
        Tensor read = pass.readAtHead(states.get(4), batch, Head.words(), scope);
        assertClose(
                pass.next(read, scope).floats(), file.tensor("logits", scope).floats(), TOLERANCE, "logits");
        double loss = pass.answerLoss(read, batch, scope).item() / batch.answerTokens();
        assertThat(loss).isCloseTo(file.tensor("loss", scope).item(), within(1e-5));

        Transformer tower = model.tower();
        assertThat(tower.depth()).isEqualTo(4);
        Batch seen = Batch.of(
                new int[5],
                batch.pictures().stream().map(picture -> Tokens.of(picture, 10)).toList(),
                scope);
        List<Tensor> eyes = tower.pass().states(seen, Optional.empty(), scope);
        for (int layer = 0; layer <= 4; layer++) {
            assertClose(
                    eyes.get(layer).floats(),
                    file.tensor("tower." + layer, scope).floats(),
                    TOLERANCE,
                    "tower layer " + layer);
        }
    }

    @Test
    void weightsUnderTheNamesOfNewerFilesAreTheSame() throws IOException {
        Path old = Golden.path("llava/llama/model");
        try (SafeTensors file = SafeTensors.open(old.resolve("model.safetensors"));
                Scope scope = Scope.open()) {
            Map<String, Tensor> renamed = new LinkedHashMap<>();
            for (String name : file.names()) {
                String other = name.startsWith("language_model.model.")
                        ? "model.language_model." + name.substring("language_model.model.".length())
                        : name.startsWith("language_model.")
                                ? name.substring("language_model.".length())
                                : "model." + name;
                renamed.put(other, file.tensor(name, scope));
            }
            assertThat(renamed.keySet()).contains("lm_head.weight", "model.multi_modal_projector.linear_1.bias");
            SafeTensors.write(folder.resolve("model.safetensors"), renamed, Map.of());
        }
        for (String name : List.of("config.json", "tokenizer.json", "preprocessor_config.json")) {
            Files.copy(old.resolve(name), folder.resolve(name));
        }
        try (Transformer model = Transformer.load(folder);
                Scope scope = Scope.open()) {
            SafeTensors file = SafeTensors.open(Golden.path("llava/llama/states.safetensors"));
            requireStates(model, file, GoldenPictures.json("llava/llama/expected.json"), scope);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2"})
    void aConversationAboutAPictureIsWrittenAsTheProcessorDoes(String variant) {
        JsonObject expected =
                GoldenPictures.json("llava/" + variant + "/expected.json").getAsJsonObject("chat");
        Picture picture = GoldenPictures.picture("rgb.png");
        Message shown = Message.user(picture, "what colour?");
        try (Transformer model = Transformer.load(Golden.path("llava/" + variant + "/model"))) {
            assertThat(model.chatPrompt(List.of(shown)))
                    .isEqualTo(expected.get("one").getAsString());
            assertThat(model.chatPrompt(List.of(shown, Message.assistant("red"), Message.user("and now?"))))
                    .isEqualTo(expected.get("several").getAsString());
            assertThat(model.chat(List.of(shown), Generation.greedy().maxTokens(3))
                            .tokens())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "mistral", "gemma", "gemma2"})
    void whatIsWrittenGreedilyIsHuggingFaces(String variant) {
        JsonObject expected = GoldenPictures.json("llava/" + variant + "/expected.json");
        Generation greedy = Generation.greedy().maxTokens(12);
        try (Transformer model = Transformer.load(Golden.path("llava/" + variant + "/model"))) {
            int seen = 0;
            for (JsonElement element : expected.getAsJsonArray("continuations")) {
                JsonObject one = element.getAsJsonObject();
                List<Picture> pictures = GoldenPictures.pictures(one.getAsJsonArray("pictures"));
                String prompt = one.get("prompt").getAsString();
                if (pictures.size() > 1) {
                    continue;
                }
                Continuation written = pictures.isEmpty()
                        ? model.generate(prompt, greedy)
                        : model.generate(prompt, pictures.get(0), greedy);
                List<Long> tokens = one.getAsJsonArray("continued").asList().stream()
                        .map(JsonElement::getAsLong)
                        .filter(token -> token != 2)
                        .toList();
                assertThat(written.tokens()).isEqualTo(tokens);
                seen += pictures.size();
            }
            assertThat(seen).isEqualTo(3);
        }
    }
}
