// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.FormatException;
import org.lamella.data.Example;
import org.lamella.tensor.Gguf;
import org.lamella.tensor.GgufBytes;

class GgufTokenizerTest {

    @TempDir
    Path folder;

    static void assertSameIds(Tokenizer tokenizer, JsonArray texts, JsonArray ids) {
        List<Example> examples = new ArrayList<>();
        texts.forEach(text -> examples.add(Example.of(text.getAsString(), -1)));
        List<Tokens> made = tokenizer.encode(examples, Integer.MAX_VALUE);
        for (int i = 0; i < made.size(); i++) {
            List<Long> got = new ArrayList<>();
            for (int t = 0; t < made.get(i).length(); t++) {
                got.add(made.get(i).id(t));
            }
            List<Long> expected = new ArrayList<>();
            for (JsonElement id : ids.get(i).getAsJsonArray()) {
                expected.add(id.getAsLong());
            }
            assertThat(got).as(texts.get(i).getAsString()).isEqualTo(expected);
        }
    }

    private static Tokenizer tokenizer(Path file) {
        String name = String.valueOf(file.getFileName());
        Gguf gguf = Gguf.open(file);
        return Tokenizer.parse(
                name,
                GgufTokenizer.of(name, gguf, gguf.count("tokenizer.ggml.tokens"))
                        .json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm", "gpt-2", "llama-bpe", "qwen2"})
    void tokensAreThoseOfTheSchemeInPython(String kind) throws IOException {
        JsonObject golden = JsonParser.parseString(Files.readString(Golden.path("gguf/tokenizers/" + kind + ".json")))
                .getAsJsonObject();
        Path file = Golden.path("gguf/tokenizers/" + kind + ".gguf");

        assertSameIds(tokenizer(file), golden.getAsJsonArray("texts"), golden.getAsJsonArray("ids"));
        assertThat(Gguf.open(file).text("tokenizer.chat_template"))
                .contains(golden.get("chat_template").getAsString());
    }

    private static GgufBytes vocabulary() {
        return GgufBytes.file()
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "smollm")
                .texts("tokenizer.ggml.tokens", "<s>", "a", "b", "ab")
                .wholes("tokenizer.ggml.token_type", 3, 1, 1, 1)
                .texts("tokenizer.ggml.merges", "a b");
    }

    @Test
    void firstAndLastTokensAreAddedWhereTheFileSaysSo() throws IOException {
        Path file = vocabulary()
                .flag("tokenizer.ggml.add_bos_token", true)
                .flag("tokenizer.ggml.add_eos_token", true)
                .whole("tokenizer.ggml.bos_token_id", 0)
                .whole("tokenizer.ggml.eos_token_id", 2)
                .write(folder.resolve("x.gguf"), 0);
        JsonArray texts = JsonParser.parseString("[\"aba\", \"\"]").getAsJsonArray();
        assertSameIds(
                tokenizer(file),
                texts,
                JsonParser.parseString("[[0, 3, 1, 2], [0, 2]]").getAsJsonArray());

        Tokens pair = tokenizer(file)
                .encode(List.of(new Example(List.of("a", "ab"), -1, Double.NaN)), 100)
                .get(0);
        assertThat(pair.length()).isEqualTo(6);
        assertThat(pair.type(5)).isEqualTo(1);
    }

    private void refused(GgufBytes bytes, long vocabulary, String problem) {
        Gguf gguf = Gguf.open(bytes.write(folder.resolve("x.gguf"), 0));
        assertThatThrownBy(() -> GgufTokenizer.of("x.gguf", gguf, vocabulary).json())
                .isInstanceOf(FormatException.class)
                .hasMessage("[x.gguf] " + problem);
    }

    @Test
    void whatIsNoVocabularyOfBytePairsIsRefusedByName() {
        refused(GgufBytes.file(), 4, "tokenizer.ggml.model must be there; it is not");
        refused(
                GgufBytes.file().text("tokenizer.ggml.model", "llama"),
                4,
                "tokenizer.ggml.model must be \"gpt2\", byte pairs; got \"llama\", which is not read");
        refused(
                GgufBytes.file().text("tokenizer.ggml.model", "gpt2").text("tokenizer.ggml.pre", "smolm"),
                4,
                "tokenizer.ggml.pre must be one of [gpt-2, llama-bpe, llama-v3, llama3, qwen2, smollm];"
                        + " got \"smolm\"; did you mean \"smollm\"?");
        refused(
                vocabulary(),
                5,
                "tokenizer.ggml.tokens must have 5 items, one for each row of token_embd.weight; got 4");
        refused(
                GgufBytes.file()
                        .text("tokenizer.ggml.model", "gpt2")
                        .text("tokenizer.ggml.pre", "smollm")
                        .texts("tokenizer.ggml.tokens", "a", "b", "a")
                        .wholes("tokenizer.ggml.token_type", 1, 1, 1),
                3,
                "tokenizer.ggml.tokens must differ; got \"a\" as 0 and 2");
        refused(
                GgufBytes.file()
                        .text("tokenizer.ggml.model", "gpt2")
                        .text("tokenizer.ggml.pre", "smollm")
                        .texts("tokenizer.ggml.tokens", "a", "b")
                        .wholes("tokenizer.ggml.token_type", 1, 1)
                        .texts("tokenizer.ggml.merges", "a b"),
                2,
                "tokenizer.ggml.merges must join two tokens to a third; got \"a b\" as number 0");
        refused(
                vocabulary().flag("tokenizer.ggml.add_bos_token", true).whole("tokenizer.ggml.bos_token_id", 4),
                4,
                "tokenizer.ggml.bos_token_id must be one of 4 tokens; got 4");
        refused(
                vocabulary().flag("tokenizer.ggml.add_bos_token", true),
                4,
                "tokenizer.ggml.bos_token_id must be there; it is not");
    }
}
