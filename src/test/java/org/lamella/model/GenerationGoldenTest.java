// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each family of decoders writes, against Hugging Face's {@code generate}: src/test/golden/make.py made it. */
final class GenerationGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-biased", "mistral", "qwen2", "gemma", "gemma2"})
    void whatIsWrittenGreedilyIsHuggingFacesAloneAndInABatch(String family) throws IOException {
        JsonArray expected = JsonParser.parseString(
                        Files.readString(Golden.path("decoders/" + family + "/expected.json")))
                .getAsJsonObject()
                .getAsJsonArray("continuations");
        Generation greedy = Generation.greedy().maxTokens(20);
        try (Transformer model = Transformer.load(Golden.path("decoders/" + family + "/model"))) {
            List<String> prompts = expected.asList().stream()
                    .map(one -> one.getAsJsonObject().get("prompt").getAsString())
                    .toList();

            Continuations together = model.generate(prompts, greedy);

            for (int i = 0; i < prompts.size(); i++) {
                JsonObject one = expected.get(i).getAsJsonObject();
                List<Long> tokens = one.getAsJsonArray("continued").asList().stream()
                        .map(JsonElement::getAsLong)
                        .toList();
                Continuation alone = model.generate(prompts.get(i), greedy);
                assertThat(alone.tokens()).isEqualTo(tokens);
                assertThat(alone.text()).isEqualTo(one.get("text").getAsString());
                assertThat(alone.end()).isEqualTo(Continuation.End.MAX_TOKENS);
                assertThat(together.all().get(i).tokens()).isEqualTo(tokens);
                assertThat(together.all().get(i).prompt()).isEqualTo(prompts.get(i));
            }
        }
    }
}
