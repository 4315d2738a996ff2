// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.FormatException;
import org.lamella.base.Seed;
import org.lamella.data.Example;
import org.lamella.tensor.DType;
import org.lamella.tensor.GgufBytes;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.TensorFile;

class GgufSourceTest {

    // what transformers takes from elsewhere: not in the file, or ours alone
    private static final List<String> OF_TRANSFORMERS = List.of(
            "architectures",
            "attention_dropout",
            "initializer_range",
            "layer_types",
            "max_window_layers",
            "pretraining_tp",
            "transformers_version",
            "use_cache");

    @TempDir
    Path folder;

    private static ModelSource golden(String name) {
        return ModelSource.of(Golden.path("gguf/models/" + name + ".gguf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied-llama", "long-llama", "qwen2", "gemma2"})
    void tensorsAreThoseThatTransformersLoads(String name) {
        try (TensorFile file = golden(name).open();
                SafeTensors reference = SafeTensors.open(Golden.path("gguf/models/" + name + ".safetensors"));
                Scope scope = Scope.open()) {
            assertThat(file.names()).isEqualTo(reference.names());
            for (String weight : file.names()) {
                Tensor tensor = file.single(weight, scope);
                assertThat(tensor.dtype()).isEqualTo(DType.F32);
                assertThat(file.shape(weight)).as(weight).isEqualTo(reference.shape(weight));
                assertThat(tensor.floats())
                        .as(weight)
                        .isEqualTo(reference.single(weight, scope).floats());
                assertThat(file.tensor(weight, scope).dtype()).isEqualTo(file.dtype(weight));
            }
            int live = scope.live();
            file.single("model.layers.0.self_attn.q_proj.weight", scope).close();
            assertThat(scope.live()).isEqualTo(live);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tied-llama", "long-llama", "qwen2", "gemma2"})
    void theConfigurationIsThatOfTransformersAndMore(String name) throws IOException {
        JsonObject ours = golden(name).config().json();
        JsonObject theirs = JsonParser.parseString(
                        Files.readString(Golden.path("gguf/models/" + name + ".config.json")))
                .getAsJsonObject();
        OF_TRANSFORMERS.forEach(theirs::remove);
        if (name.equals("long-llama")) { // they leave out how positions are stretched
            theirs.add(
                    "rope_scaling",
                    JsonParser.parseString("{\"rope_type\":\"llama3\",\"factor\":8.0,\"low_freq_factor\":1.0,"
                            + "\"high_freq_factor\":4.0,\"original_max_position_embeddings\":8192}"));
        }
        if (name.equals("gemma2")) { // they take the default, llama.cpp the size of a head; eager attention has no bias
            theirs.addProperty("query_pre_attn_scalar", 16);
            theirs.remove("attention_bias");
        }
        theirs.entrySet().removeIf(entry -> entry.getValue().isJsonNull());

        for (String field : theirs.keySet()) {
            JsonElement expected = theirs.get(field);
            assertThat(ours.get(field)).as(field).isNotNull();
            if (expected.isJsonPrimitive() && expected.getAsJsonPrimitive().isNumber()) {
                assertThat(ours.get(field).getAsDouble()).as(field).isEqualTo(expected.getAsDouble());
            } else {
                assertThat(ours.get(field)).as(field).isEqualTo(expected);
            }
        }
        assertThat(ours.has("rope_scaling")).isEqualTo(name.equals("long-llama"));
    }

    @Test
    void llamaWithASlidingWindowIsMistral() {
        Config config = config(llama().whole("llama.attention.sliding_window", 8));
        assertThat(config.text("model_type")).isEqualTo("mistral");
        assertThat(config.count("sliding_window")).isEqualTo(8);
    }

    @Test
    void stretchedPositionsAreToldAsHuggingFaceDoes() {
        assertThat(config(llama().text("llama.rope.scaling.type", "linear").number("llama.rope.scaling.factor", 2))
                        .json()
                        .get("rope_scaling"))
                .hasToString("{\"rope_type\":\"linear\",\"factor\":2.0}");
        assertThat(config(llama().text("llama.rope.scaling.type", "yarn")
                                .number("llama.rope.scaling.factor", 4)
                                .whole("llama.rope.scaling.original_context_length", 64))
                        .json()
                        .get("rope_scaling"))
                .hasToString("{\"rope_type\":\"yarn\",\"factor\":4.0,\"original_max_position_embeddings\":64}");
        assertThat(config(llama().number("llama.rope.scale_linear", 2)).json().get("rope_scaling"))
                .hasToString("{\"rope_type\":\"linear\",\"factor\":2.0}");
        refused(
                llama().text("llama.rope.scaling.type", "longrope").number("llama.rope.scaling.factor", 4),
                "llama.rope.scaling.type must be one of [none, linear, yarn]; got \"longrope\"");
        refused(
                llama().tensor("rope_freqs.weight", 0, 1024, 4),
                "rope_freqs.weight must be factors as Llama 3 stretches rotary positions (low 1, high 4);"
                        + " got 4 others, up to 0.0");
    }

    /** Returns what a LLaMA of one layer says, with its table of words only. */
    private static GgufBytes llama() {
        return GgufBytes.file()
                .text("general.architecture", "llama")
                .whole("llama.block_count", 1)
                .whole("llama.context_length", 128)
                .whole("llama.embedding_length", 16)
                .whole("llama.feed_forward_length", 32)
                .whole("llama.attention.head_count", 2)
                .number("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .tensor("token_embd.weight", 0, 0, 4, 16);
    }

    private Config config(GgufBytes bytes) {
        return ModelSource.of(bytes.write(folder.resolve("x.gguf"), 2048)).config();
    }

    private void refused(GgufBytes bytes, String problem) {
        Path file = bytes.write(folder.resolve("x.gguf"), 2048);
        assertThatThrownBy(() -> {
                    ModelSource source = ModelSource.of(file);
                    source.config();
                    source.open().close();
                })
                .isInstanceOf(FormatException.class)
                .hasMessageEndingWith("x.gguf] " + problem);
    }

    @Test
    void aModelThatCannotBeReadIsNamedWithItsFolder() {
        Path file = llama().whole("llama.expert_count", 8).write(folder.resolve("x.gguf"), 2048);
        assertThatThrownBy(() -> Transformer.load(file))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + file + "] llama.expert_count must be 0: mixtures of experts are not read; got 8");
        GgufBytes.file().write(file, 0);
        assertThatThrownBy(() -> Transformer.load(file.toString()))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + file + "] general.architecture must be there; it is not");
    }

    @Test
    void defaultsAreLlamaCpps() {
        Config config = config(llama());
        assertThat(config.count("num_key_value_heads")).isEqualTo(2);
        assertThat(config.count("head_dim")).isEqualTo(8);
        assertThat(config.number("rope_theta")).isEqualTo(10_000);
        assertThat(config.flag("tie_word_embeddings", false)).isTrue();
        assertThat(config.count("vocab_size")).isEqualTo(4);
    }

    @Test
    void whatIsNotReadIsRefusedByName() {
        refused(GgufBytes.file(), "general.architecture must be there; it is not");
        refused(
                GgufBytes.file().text("general.architecture", "qwen3"),
                "general.architecture must be one of [gemma, gemma2, llama, qwen2]; got \"qwen3\"; did you mean"
                        + " \"qwen2\"?");
        refused(
                GgufBytes.file().text("general.architecture", "llama").whole("llama.attention.head_count", 2),
                "llama.embedding_length must be there; it is not");
        refused(
                llama().whole("split.count", 3),
                "split.count must be 1; got 3: llama.cpp's llama-gguf-split --merge makes one file of the parts");
        refused(
                llama().whole("llama.expert_count", 8),
                "llama.expert_count must be 0: mixtures of experts are not read; got 8");
        refused(
                llama().whole("llama.attention.head_count_kv", 3),
                "llama.attention.head_count_kv must divide the 2 heads; got 3");
        refused(
                llama().whole("llama.attention.key_length", 8).whole("llama.attention.value_length", 16),
                "llama.attention.value_length must be 8, the size of a head's keys; got 16");
        refused(
                llama().whole("llama.vocab_size", 5),
                "llama.vocab_size must be the rows of token_embd.weight, 4; got 5");
        refused(
                llama().tensor("blk.0.attn_q_norm.weight", 0, 1024, 8),
                "tensors must be those of a plain llama; got \"blk.0.attn_q_norm.weight\", which is none of its");
        refused(llama().whole("llama.rope.freq_base", 0), "llama.rope.freq_base must be positive; got 0.0");
    }

    @Test
    void rowsThatDoNotFitTheHeadsAreRefused() {
        Path file = llama().tensor("blk.0.attn_q.weight", 0, 1024, 6, 16).write(folder.resolve("x.gguf"), 2048);
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(
                            () -> ModelSource.of(file).open().single("model.layers.0.self_attn.q_proj.weight", scope))
                    .isInstanceOf(FormatException.class)
                    .hasMessage("[x.gguf] rows of blk.0.attn_q.weight must be a multiple of two for each of 2 heads;"
                            + " got the shape [6, 16]");
        }
    }

    @Test
    void theTokenizerTravelsIntoAFolder() throws IOException {
        ModelSource source = golden("tied-llama");
        source.writeTokenizer(folder);
        Files.writeString(folder.resolve("config.json"), source.config().json().toString());
        ModelSource again = ModelSource.of(folder);

        List<Example> texts = List.of(Example.of("In 1969, 600 million", 0));
        assertThat(again.tokenizer().encode(texts, 100).get(0).length())
                .isEqualTo(source.tokenizer().encode(texts, 100).get(0).length());
        assertThat(again.chatTemplate()).isEqualTo(source.chatTemplate());
        assertThat(again.config().json()).isEqualTo(source.config().json());
        assertThat(Files.readString(folder.resolve("tokenizer_config.json")))
                .contains("\"bos_token\": \"<|im_start|>\"", "\"eos_token\": \"<|im_end|>\"");
    }

    @Test
    void aFoldersChatTemplateIsItsOwnFileOrInTheSettings() throws IOException {
        ModelSource source = ModelSource.of(folder);
        assertThat(source.chatTemplate()).isEmpty();
        Path settings = folder.resolve("tokenizer_config.json");
        Files.writeString(settings, "{\"chat_template\": null}");
        assertThat(source.chatTemplate()).isEmpty();
        Files.writeString(settings, "{\"chat_template\": \"one\"}");
        assertThat(source.chatTemplate()).contains("one");
        Files.writeString(
                settings,
                "{\"chat_template\": [{\"name\":\"tool\",\"template\":\"a\"},{\"name\":\"default\",\"template\":\"b\"}]}");
        assertThat(source.chatTemplate()).contains("b");
        Files.writeString(settings, "{\"chat_template\": 1}");
        assertThatThrownBy(source::chatTemplate)
                .hasMessage("[tokenizer_config.json] chat_template must be a text or a list of named texts; got 1");
        Files.writeString(folder.resolve("chat_template.jinja"), "its own");
        assertThat(source.chatTemplate()).contains("its own");
    }

    /** Flips bits of what a small model says about itself: it is read, or refused with one sentence. */
    @Test
    void damagedMetadataAreReadOrRefused() throws IOException {
        long seed = Long.getLong("seed", 20260101);
        SplittableRandom random = new Seed(seed).child("damaged model").random();
        byte[] whole = Files.readAllBytes(Golden.path("gguf/models/long-llama.gguf"));
        int header = 10_800; // the numbers follow
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
            }
            Path file = Files.write(folder.resolve("damaged.gguf"), bytes);
            try {
                ModelSource source = ModelSource.of(file);
                source.config();
                source.tokenizer().encode(List.of(Example.of("In 1969, 600 million", 0)), 100);
                source.chatTemplate();
                source.open().close();
            } catch (FormatException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed " + seed + " round " + round)
                        .contains("damaged.gguf] ")
                        .hasSizeLessThan(800);
            }
        }
        assertThat(refused).isBetween(20, 200);
    }
}
