// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Model folders with one thing wrong: one sentence that names the file and what is wrong in it. */
final class BrokenModelTest {

    @TempDir
    Path temporary;

    private Path folder = Path.of("");

    @BeforeEach
    void copyAWholeModel() {
        folder = Tiny.copy("model", temporary.resolve("mine"));
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Transformer.load(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + folder + "/" + message.substring(1));
    }

    private void config(String field, String value) throws IOException {
        Path file = folder.resolve("config.json");
        String text = Files.readString(file);
        String changed = text.replaceAll("\"" + field + "\": [^,\\n]+", "\"" + field + "\": " + value);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(file, changed);
    }

    @Test
    void aNameThatIsNotKnownNamesTheKnownOnesAndThatAFolderDoesToo() {
        assertThatThrownBy(() -> Transformer.load("minilmm"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model must be a known name (deberta-v3-base, deberta-v3-large, minilm, roberta-base,"
                        + " roberta-large, smollm2-135m) or the path of a folder in Hugging Face layout or of a GGUF"
                        + " file; got \"minilmm\", which is neither; did you mean \"minilm\"?");
    }

    @Test
    void aFolderThatIsNotThereSaysSo() {
        assertThatThrownBy(() -> Transformer.load("my/model"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folder must hold a model; got my/model, which is no folder");
        assertThatThrownBy(() -> Transformer.load(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model must be a known name, a folder in Hugging Face layout or a GGUF file; got \"\"");
        assertThatThrownBy(() -> Transformer.load("model.gguf"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("file must hold a model; got model.gguf, which is not there");
    }

    @Test
    void aModelThatIsNotFetchedSaysHowToFetchIt() {
        String before = System.getProperty("lamella.home", "");
        System.setProperty("lamella.home", temporary.resolve("home").toString());
        try {
            assertThatThrownBy(() -> Transformer.load("minilm"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("minilm is not fetched yet; run environment/start --fetch minilm");
        } finally {
            if (before.isEmpty()) {
                System.clearProperty("lamella.home");
            } else {
                System.setProperty("lamella.home", before);
            }
        }
    }

    @Test
    void eachMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));
        refused(
                "[tokenizer.json] must be in the model's folder; found none; found the vocabulary of a slow tokenizer: in Python,"
                        + " AutoTokenizer.from_pretrained(folder).save_pretrained(folder) writes it");
        Files.delete(folder.resolve("vocab.txt"));
        refused("[tokenizer.json] must be in the model's folder; found none");

        folder = Tiny.copy("model", temporary.resolve("no-weights"));
        Files.delete(folder.resolve("model.safetensors"));
        refused("[model.safetensors] must be in the model's folder; found none");
        Files.writeString(folder.resolve("pytorch_model.bin"), "pickled");
        refused(
                "[model.safetensors] must be in the model's folder; found none; pytorch_model.bin is a Python pickle, which can run code and is not read: load it in Python and"
                        + " save it with safe_serialization=True");

        folder = Tiny.copy("model", temporary.resolve("no-config"));
        Files.delete(folder.resolve("config.json"));
        refused("[config.json] must be in the model's folder; found none");
    }

    @Test
    void truncatedWeightsSaySo() throws IOException {
        Path file = folder.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1000));
        long content = whole.length
                - 8
                - ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        refused("[model.safetensors] tensors must take " + content + " bytes after the header; the file has "
                + (content - 1000) + ": it is truncated");

        Files.write(file, new byte[0]);
        refused("[model.safetensors] file must start with 8 bytes of header length; it has 0 bytes");
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n");
        refused("[model.safetensors] header length must be 2 to 100000000 bytes; got 2336927755350992246: this is no"
                + " safetensors file");
    }

    @Test
    void aTensorThatIsMissingOrOfAnotherShapeIsNamed() throws IOException {
        Path file = folder.resolve("model.safetensors");
        config("num_hidden_layers", "5");
        refused("[model.safetensors] bert.encoder.layer.4.attention.self.query.weight must be there for a model of"
                + " type bert; got 73 tensors without it");

        folder = Tiny.copy("model", temporary.resolve("wide"));
        config("intermediate_size", "64");
        refused("[model.safetensors] bert.encoder.layer.0.intermediate.dense.weight must have shape [64, 32], as"
                + " the model's configuration says; got [48, 32]");

        try (Scope scope = Scope.open()) {
            SafeTensors.write(file, Map.of("lonely", scope.floats(new float[] {1}, 1)), Map.of());
        }
        folder = temporary.resolve("mine");
        refused("[model.safetensors] embeddings.word_embeddings.weight must be there for a model of type bert; got 1"
                + " tensors without it");
    }

    @Test
    void aConfigurationThatIsNoneSaysWhatIsWrong() throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, "");
        refused("[config.json] must hold a JSON object; got an empty file");
        Files.writeString(file, "[1]");
        refused("[config.json] must hold a JSON object; got [1]");
        Files.writeString(file, "{\"model_type\" ");
        refused("[config.json] must be JSON; End of input at line 1 column 15 path $.model_type");
        Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
        refused("[config.json] must be UTF-8; it is not");
        Files.writeString(file, "{}");
        refused("[config.json] model_type must be there; got []");
    }

    @Test
    void anUnknownArchitectureNamesThoseKnown() throws IOException {
        config("model_type", "\"gpt_neox\"");
        refused(
                "[config.json] model_type must be one of [bert, clip, clip_vision_model, deberta-v2, gemma, gemma2, llama, llava, mistral, qwen2, roberta]; got \"gpt_neox\"");
        config("model_type", "\"albert\"");
        refused(
                "[config.json] model_type must be one of [bert, clip, clip_vision_model, deberta-v2, gemma, gemma2, llama, llava, mistral, qwen2, roberta]; got \"albert\"; did you mean \"bert\"?");
        config("model_type", "7");
        refused("[config.json] model_type must be a text; got 7");
    }

    @Test
    void eachFieldOfTheConfigurationIsChecked() throws IOException {
        config("num_hidden_layers", "\"six\"");
        refused("[config.json] num_hidden_layers must be a number; got \"six\"");
        config("num_hidden_layers", "-4");
        refused("[config.json] num_hidden_layers must be a positive whole number; got -4");
        config("num_hidden_layers", "4");
        config("num_attention_heads", "5");
        refused("[config.json] hidden_size must be a multiple of num_attention_heads, 5; got 32");
        config("num_attention_heads", "4");
        config("hidden_act", "\"geluu\"");
        refused(
                "[config.json] hidden_act must be one of [gelu, gelu_new, gelu_pytorch_tanh, quick_gelu, relu, silu]; got"
                        + " \"geluu\"");
        config("hidden_act", "\"gelu\"");
        config("hidden_dropout_prob", "1.5");
        refused("[config.json] hidden_dropout_prob must be at least 0 and below 1; got 1.5");
        config("hidden_dropout_prob", "0");
        config("position_embedding_type", "\"relative_key\"");
        refused("[config.json] position_embedding_type must be \"absolute\"; got \"relative_key\"");
        config("position_embedding_type", "\"absolute\"");
        config("0", "3");
        refused("[config.json] id2label must name each label by a text; got 3");
    }

    @Test
    void aTokenizerThatIsNoneSaysWhatIsWrong() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> Transformer.load(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[" + folder + "/tokenizer.json] must be a tokenizer of Hugging Face: ");
        Files.writeString(folder.resolve("tokenizer.json"), "not even JSON");
        assertThatThrownBy(() -> Transformer.load(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[" + folder + "/tokenizer.json] must be a tokenizer of Hugging Face: ");
    }

    @Test
    void aTokenThatTheModelDoesNotKnowIsNamed() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String text = Files.readString(file);
        Files.writeString(
                file,
                text.replace("\"[CLS]\": 2", "\"[CLS]\": 500")
                        .replaceAll("(\"id\"|\"ids\"): (\\[?\\s*)2\\b", "$1: $2500"));
        assertThat(Files.readString(file)).isNotEqualTo(text);

        try (Transformer model = Transformer.load(folder)) {
            assertThatThrownBy(() -> model.predict("oil"))
                    .isInstanceOf(FormatException.class)
                    .hasMessage("[tokenizer.json] tokens must be numbered below 120, the vocab_size of config.json; got"
                            + " \"[CLS]\" with 500");
        }
    }

    @Test
    void aPairForAModelOfSingleTextsSaysSo() throws IOException {
        config("type_vocab_size", "1");
        try (Scope scope = Scope.open()) {
            SafeTensors whole = SafeTensors.open(folder);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            whole.names().forEach(name -> tensors.put(name, whole.tensor(name, scope)));
            tensors.put("bert.embeddings.token_type_embeddings.weight", scope.zeros(DType.F32, 1, 32));
            SafeTensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
        }

        try (Transformer model = Transformer.load(folder)) {
            assertThat(model.predict("oil").labels()).isEqualTo(Tiny.LABELS);
            assertThatThrownBy(() -> model.predict("oil", "ship"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("texts must be single for a model with type_vocab_size 1; got a pair, which"
                            + " tokenizer.json gives type 1");
        }
    }
}
