// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lamella.data.Card;
import org.lamella.tensor.Scope;
import org.lamella.tensor.TensorFile;

/** The real SmolLM2-135M-Instruct, a GGUF file, against what transformers and gguf make of it in Python. */
class SmolLm2IT {

    private final Card card = Card.model("smollm2-135m");
    private JsonObject golden = new JsonObject();

    @BeforeEach
    void read() throws IOException {
        golden = json("smollm2/smollm2.json");
    }

    private static JsonObject json(String name) throws IOException {
        return JsonParser.parseString(Files.readString(Golden.path(name))).getAsJsonObject();
    }

    private ModelSource source() {
        return ModelSource.of(card.path(card.files().get(0).name()));
    }

    @Test
    void all272TensorsHaveTheBitsThatTransformersLoads() throws NoSuchAlgorithmException {
        JsonObject hashes = golden.getAsJsonObject("tensors");
        long numbers = 0;
        try (TensorFile file = source().open()) {
            assertThat(file.names()).isEqualTo(hashes.keySet()).hasSize(272);
            for (String name : file.names()) {
                try (Scope scope = Scope.open()) {
                    float[] values = file.single(name, scope).floats();
                    numbers += values.length;
                    assertThat(sha256(values))
                            .as(name)
                            .isEqualTo(hashes.get(name).getAsString());
                }
            }
        }
        assertThat(numbers).isEqualTo(134_515_008);
    }

    private static String sha256(float[] values) throws NoSuchAlgorithmException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }

    @Test
    void tokensAreThoseOfTheSmolLmSchemeAndNotOfTransformersConversion() throws IOException {
        GgufTokenizerTest.assertSameIds(
                source().tokenizer(),
                json("gguf/tokenizers/smollm.json").getAsJsonArray("texts"),
                golden.getAsJsonArray("ids"));
    }

    @Test
    void theConfigurationAndTheChatTemplateAreThoseOfTheFile() {
        JsonObject ours = source().config().json();
        JsonObject theirs = golden.getAsJsonObject("config");
        for (String field : theirs.keySet()) {
            if (theirs.get(field).isJsonNull()) {
                assertThat(ours.has(field)).as(field).isFalse();
            } else if (theirs.get(field).getAsJsonPrimitive().isNumber()) {
                assertThat(ours.get(field).getAsDouble())
                        .as(field)
                        .isEqualTo(theirs.get(field).getAsDouble());
            } else {
                assertThat(ours.get(field)).as(field).isEqualTo(theirs.get(field));
            }
        }
        assertThat(source().chatTemplate()).contains(golden.get("chat_template").getAsString());
    }

    @Test
    void everyNumberIsReadInAFewSeconds() {
        long start = System.nanoTime();
        try (TensorFile file = source().open();
                Scope scope = Scope.open()) {
            file.names().forEach(name -> file.single(name, scope));
        }
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(20);
    }

    @Test
    void aQuestionIsAnsweredByTheChatTemplateOfTheFile() {
        List<Message> asked = List.of(Message.user("What is the capital of France?"));
        try (Transformer model = Transformer.load("smollm2-135m")) {
            Continuation answer = model.chat(asked, Generation.greedy().maxTokens(40));

            assertThat(model.chatPrompt(asked))
                    .isEqualTo(
                            "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
                                    + "<|im_end|>\n<|im_start|>user\nWhat is the capital of France?<|im_end|>\n"
                                    + "<|im_start|>assistant\n");
            assertThat(answer.text()).isEqualTo("The capital of France is Paris.");
            assertThat(answer.end()).isEqualTo(Continuation.End.END_TOKEN);
        }
    }
}
