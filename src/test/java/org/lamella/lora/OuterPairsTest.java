// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.LayerSet;
import org.lamella.model.Batch;
import org.lamella.model.Generation;
import org.lamella.model.Golden;
import org.lamella.model.PaddedBatch;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Pairs on the table of words before the layers and on the matrix of words after them, as PEFT trains and saves them. */
final class OuterPairsTest {

    private static final List<String> PROMPTS = List.of("shares rose", "the oil price of the year fell", "a");

    @TempDir
    Path temporary;

    private static Transformer model(String family) {
        return Transformer.load(Golden.path("decoders/" + family + "/model"));
    }

    private static Path folder(String family, String name) {
        return Golden.path("decoders/" + family + "/adapters/" + name);
    }

    private static SafeTensors expected(String family, String name) {
        return SafeTensors.open(folder(family, name).resolve("expected.safetensors"));
    }

    private static Tensor logits(Transformer adapted, Batch batch, Scope scope) {
        Pass pass = adapted.pass();
        return pass.next(pass.states(batch, adapted.overlay(), scope).get(adapted.depth()), scope);
    }

    private static void assertLogits(Transformer adapted, SafeTensors file, String what) {
        try (Scope scope = Scope.open()) {
            PaddedBatch padded = new PaddedBatch(file, "", scope);
            Tensor expected = file.tensor("logits", scope);
            Golden.assertClose(
                    logits(adapted, padded.batch(scope), scope).floats(),
                    padded.real(expected.floats(), (int) expected.size(-1)),
                    1e-5,
                    what);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama, words",
        "llama-biased, words",
        "llama-biased, words-before",
        "llama-biased, words-after",
        "llama-biased, words-tied",
        "gemma, words"
    })
    void aFolderAnswersAsInPythonAlsoAfterSavingItAgain(String family, String name) {
        try (Transformer model = model(family)) {
            Adapter read = Adapter.load(folder(family, name));
            assertLogits(model.with(read), expected(family, name), name);

            Adapter fitted = read.fittedTo(model);
            fitted.save(temporary.resolve("again"));

            assertLogits(model.with(Adapter.load(temporary.resolve("again"))), expected(family, name), name);
            assertThat(SafeTensors.open(temporary.resolve("again")).names())
                    .containsExactlyInAnyOrderElementsOf(
                            SafeTensors.open(folder(family, name).resolve("adapter_model.safetensors"))
                                    .names());
            assertThat(Adapter.load(temporary.resolve("again")).parameters()).isEqualTo(read.parameters());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama, words",
        "llama-biased, words",
        "llama-biased, words-before",
        "llama-biased, words-after",
        "gemma, words"
    })
    void aTableCountsAsTheFirstLayerAndTheMatrixAsOneAfterTheLast(String family, String name) {
        SafeTensors file = expected(family, name);
        try (Transformer model = model(family);
                Scope scope = Scope.open()) {
            Adapter adapter = Adapter.load(folder(family, name)).fittedTo(model);
            Batch batch = new PaddedBatch(file, "", scope).batch(scope);
            int first = (int) file.tensor("attention_mask", scope).size(1);
            for (int b = 0; b < model.depth(); b++) {
                Adapter cut = adapter.keeping(b);
                cut.save(temporary.resolve("cut" + b));
                Tensor told = file.tensor("logits." + b, scope); // (1, 2, V): the last two of the first text
                int words = (int) told.size(-1);
                for (Adapter each : List.of(
                        cut, adapter.keeping(LayerSet.all(4).below(b)), Adapter.load(temporary.resolve("cut" + b)))) {
                    float[] all = logits(model.with(each), batch, scope).floats();
                    float[] last = Arrays.copyOfRange(all, (first - 2) * words, first * words);
                    Golden.assertClose(last, told.floats(), 1e-5, name + " below " + b);
                }
            }
            assertThat(adapter.keeping(4).parameters()).isEqualTo(adapter.parameters());
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, words", "llama-biased, words", "llama-biased, words-before", "llama-biased, words-after"})
    void whatIsWrittenIsWhatTheMergedModelWritesAlsoSavedWhole(String family, String name) {
        Generation greedy = Generation.greedy().maxTokens(12);
        try (Transformer model = model(family)) {
            Transformer adapted = model.with(Adapter.load(folder(family, name)));
            List<String> texts = adapted.generate(PROMPTS, greedy).texts();
            Transformer merged = adapted.merged();
            merged.save(temporary.resolve("whole"));

            assertThat(merged.generate(PROMPTS, greedy).texts()).isEqualTo(texts);
            assertThat(model.generate(PROMPTS, greedy).texts()).isNotEqualTo(texts);
            try (Transformer whole = Transformer.load(temporary.resolve("whole"))) {
                assertThat(whole.generate(PROMPTS, greedy).texts()).isEqualTo(texts);
                assertLogits(whole, expected(family, name), name);
            }
        }
    }

    @Test
    void inBfloat16TheyAreLaidOverThatWeight() {
        try (Transformer model = model("llama");
                Scope scope = Scope.open()) {
            Adapter adapter = Adapter.load(folder("llama", "words"));
            Transformer single = model.with(adapter);
            Transformer half = single.dtype(DType.BF16);
            SafeTensors file = expected("llama", "words");
            Batch batch = new PaddedBatch(file, "", scope).batch(scope);
            float[] told = logits(single, batch, scope).floats();

            float[] rounded = logits(half, batch, scope).to(DType.F32, scope).floats();

            double worst = 0;
            double size = 0;
            for (int i = 0; i < told.length; i++) {
                worst = Math.max(worst, Math.abs(told[i] - rounded[i]));
                size = Math.max(size, Math.abs(told[i]));
            }
            assertThat(worst).isGreaterThan(0).isLessThan(size / 20);
            assertThat(half.overlay().orElseThrow().words().orElseThrow().dtype())
                    .isEqualTo(DType.BF16);
        }
    }

    @Test
    void aModelThatChoosesReadsItsLabelsByTheAdaptedMatrix() {
        try (Transformer model = model("llama-biased")) {
            Adapter adapter =
                    Adapter.load(folder("llama-biased", "words-after")).fittedTo(model);
            Adapter lower = adapter.keeping(LayerSet.parse("1110"));
            List<String> labels = List.of("oil", "bank");

            double[] whole = model.with(adapter).choosing(labels, " ").predict("shares rose").probabilities().stream()
                    .mapToDouble(p -> p)
                    .toArray();
            double[] logits = model.with(adapter).logits("shares rose");
            double[] below = model.with(lower).logits("shares rose");

            assertThat(logits).isNotEqualTo(below);
            assertThat(whole[0])
                    .isNotEqualTo(model.with(lower)
                            .choosing(labels, " ")
                            .predict("shares rose")
                            .probabilities()
                            .get(0));
        }
    }

    @Test
    void aPairThatIsCutOffIsNotTiedOnAgainByPeft() throws IOException {
        Adapter tied = Adapter.load(folder("llama-biased", "words-tied"));
        tied.save(temporary.resolve("whole"));
        tied.keeping(LayerSet.parse("1100")).save(temporary.resolve("cut"));

        assertThat(Files.readString(temporary.resolve("whole/adapter_config.json")))
                .contains("\"ensure_weight_tying\": true");
        assertThat(Files.readString(temporary.resolve("cut/adapter_config.json")))
                .contains("\"ensure_weight_tying\": false");
    }

    @Test
    void theAdapterSaysWhatItHas() {
        Adapter adapter = Adapter.load(folder("llama", "words"));

        assertThat(adapter)
                .hasToString("Adapter on 1111, layers [0, 1, 2, 3] of 4 and on [lm_head, model.embed_tokens], "
                        + adapter.parameters() + " parameters");
        assertThat(adapter.table().stringColumn("module").asList())
                .contains("lm_head", "model.embed_tokens", "self_attn.q_proj");
        assertThat(adapter.changesByPairsAlone()).isFalse();
        assertThatThrownBy(() -> adapter.keeping(2))
                .hasMessage(
                        "adapter must meet its model before it is cut, since its pair on lm_head counts as the layer"
                                + " after the last; use adapter.fittedTo(model)");
        assertThatThrownBy(adapter::words)
                .hasMessage("adapter must be laid over its model first; use model.with(adapter)");
        assertThat(AdapterDoctor.inspect(folder("llama", "words")).findings()).isEmpty();
        try (Transformer model = model("llama")) {
            assertThat(AdapterDoctor.inspect(folder("llama", "words"), model).findings())
                    .isEmpty();
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Adapter adapter = Adapter.load(folder("llama", "words"));
        Adapter bert = Adapter.load(Golden.path("bert/adapters/word-pairs"));
        Adapter before = Adapter.load(folder("llama-biased", "words-before"));
        try (Transformer encoder = GoldenTraining.model("bert", "model");
                Transformer qwen = model("qwen2")) {
            Adapter after = new Adapter(adapter.owner(), Map.of(), Optional.empty(), adapter.origin(), 0, Place.UNKNOWN)
                    .whole(Whole.NONE.with(adapter.whole().outer().keeping(false, true)));
            Adapter table = new Adapter(bert.owner(), Map.of(), Optional.empty(), bert.origin(), 0, Place.UNKNOWN)
                    .whole(bert.whole());
            Adapter words = new Adapter(before.owner(), Map.of(), Optional.empty(), before.origin(), 0, Place.UNKNOWN)
                    .whole(before.whole());

            assertThatThrownBy(() -> encoder.with(after))
                    .hasMessage("adapter must fit model, which has no matrix of words; got a pair on \"lm_head\"");
            assertThatThrownBy(() -> qwen.with(table))
                    .hasMessage(
                            "adapter must fit model, which has no table \"bert.embeddings.position_embeddings\"; got"
                                    + " a pair on it");
            assertThatThrownBy(() -> encoder.with(words))
                    .hasMessage("adapter must fit model, which has no table \"model.embed_tokens\"; got a pair on it");
        }
    }

    @Test
    void lengthsAndHalfAPairAreRefusedByName() throws IOException {
        String path = "base_model.model.model.embed_tokens";
        broken(all -> all.remove(path + ".lora_embedding_B"));
        assertThatThrownBy(() -> Adapter.load(temporary.resolve("broken")))
                .hasMessageContaining("model.embed_tokens must have lora_A and lora_B; got one of them");

        try (Scope scope = Scope.open()) {
            Tensor one = scope.floats(new float[] {1}, 1);
            broken(all -> all.put(path + ".lora_magnitude_vector", one));
            assertThatThrownBy(() -> Adapter.load(temporary.resolve("broken")))
                    .hasMessageContaining(
                            "model.embed_tokens must have a pair without lengths (DoRA), which are read in"
                                    + " layers alone; got [");
        }
    }

    private void broken(Consumer<Map<String, Tensor>> change) throws IOException {
        Path target = Files.createDirectories(temporary.resolve("broken"));
        Path source = folder("llama", "words");
        try (Scope scope = Scope.open();
                SafeTensors file = SafeTensors.open(source.resolve("adapter_model.safetensors"));
                Stream<Path> files = Files.list(target)) {
            files.forEach(old -> assertThat(old.toFile().delete()).isTrue());
            Map<String, Tensor> all = new LinkedHashMap<>();
            file.names().forEach(name -> all.put(name, file.tensor(name, scope)));
            change.accept(all);
            SafeTensors.write(target.resolve("adapter_model.safetensors"), all, file.metadata());
            Files.copy(source.resolve("adapter_config.json"), target.resolve("adapter_config.json"));
        }
    }
}
