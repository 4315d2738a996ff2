// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;

/** A decoder written whole is the same decoder, its matrix of words included, under the names that transformers asks for. */
final class WholeDecoderTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-biased", "mistral", "qwen2", "gemma", "gemma2"})
    void savedItWritesWhatItWrote(String family) throws IOException {
        Path source = Golden.path("decoders/" + family + "/model");
        try (Transformer model = Transformer.load(source)) {
            model.save(folder.resolve(family));

            try (Transformer again = Transformer.load(folder.resolve(family))) {
                assertThat(again.logits("shares rose")).isEqualTo(model.logits("shares rose"));
            }
        }
        assertThat(config(family).get("architectures")).isEqualTo(config(source).get("architectures"));
        try (SafeTensors written = SafeTensors.open(folder.resolve(family));
                SafeTensors read = SafeTensors.open(source)) {
            assertThat(written.names()).hasSameElementsAs(read.names());
        }
    }

    @Test
    void inBfloat16ItIsSavedAsSuch() throws IOException {
        try (Transformer model =
                Transformer.load(Golden.path("decoders/llama/model")).dtype(DType.BF16)) {
            model.save(folder.resolve("half"));

            try (Transformer again = Transformer.load(folder.resolve("half"), DType.BF16)) {
                assertThat(again.logits("shares rose")).isEqualTo(model.logits("shares rose"));
                assertThat(again.recipe()).endsWith(".dtype(DType.BF16)");
            }
        }
        try (Transformer single = Transformer.load(Golden.path("decoders/llama/model"), DType.BF16);
                Transformer cast =
                        Transformer.load(Golden.path("decoders/llama/model")).dtype(DType.BF16)) {
            assertThat(single.logits("shares rose")).isEqualTo(cast.logits("shares rose"));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transformer.load(Golden.path("bert/model"), DType.BF16))
                .withMessage("dtype must be F32 for model, which does not write; got BF16");
        assertThat(config("half").get("dtype").getAsString()).isEqualTo("bfloat16");
    }

    private JsonObject config(String name) throws IOException {
        return config(folder.resolve(name));
    }

    private static JsonObject config(Path model) throws IOException {
        return JsonParser.parseString(Files.readString(model.resolve("config.json")))
                .getAsJsonObject();
    }
}
