// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lamella.model.Golden.assertClose;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.FormatException;
import org.lamella.base.LayerSet;
import org.lamella.model.Batch;
import org.lamella.model.Golden;
import org.lamella.model.Head;
import org.lamella.model.PaddedBatch;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Adapter folders as PEFT 0.21.2 wrote them: read, laid over their model, written again. */
final class PeftFolderTest {

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        "bert, query-value",
        "bert, every-linear",
        "bert, layers-1-3",
        "bert, one-layer",
        "bert, rank-stabilised",
        "bert, dora",
        "bert, biases",
        "bert, pooler",
        "roberta, biases",
        "deberta, biases",
        "deberta, pooler",
        "bert, all-biases",
        "bert, all-biases-encoder",
        "bert, norms",
        "bert, words",
        "bert, word-pairs",
        "bert, word-pairs-encoder",
        "roberta, all-biases",
        "roberta, norms",
        "deberta, all-biases",
        "deberta, norms",
        "bert, pissa",
        "bert, pissa-converted",
        "roberta, dora",
        "roberta, pissa",
        "deberta, dora",
        "deberta, pissa",
        "bert, float-alpha",
        "bert, patterns",
        "bert, regular-expression",
        "bert, no-head",
        "bert, unknown-field",
        "bert, regression",
        "bert, encoder",
        "roberta, query-value",
        "roberta, every-linear",
        "roberta, layers-1-3",
        "roberta, regression",
        "roberta, encoder",
        "deberta, query-value",
        "deberta, every-linear",
        "deberta, layers-1-3",
        "deberta, regression",
        "deberta, encoder",
        "deberta, new-pooler"
    })
    void everyFormOfPeftFolderAnswersAsInPythonAlsoAfterSavingItAgain(String family, String variant) {
        Adapter read = Adapter.load(Golden.path(family + "/adapters/" + variant));
        assertAnswersAsInPython(read, family, variant);

        Path again = temporary.resolve(variant);
        read.save(again);

        assertAnswersAsInPython(Adapter.load(again), family, variant);
        assertThat(fields(again)).containsAll(fields(Golden.path(family + "/adapters/" + variant)));
    }

    @ParameterizedTest
    @CsvSource({"bert, all-biases", "bert, norms", "bert, words", "deberta, all-biases"})
    void whatIsBroughtWholeIsSavedAsPeftSavesItAndMerges(String family, String variant) {
        Path source = Golden.path(family + "/adapters/" + variant);
        Adapter read = Adapter.load(source);
        Path again = temporary.resolve(variant);
        read.save(again);
        Set<String> names = new java.util.TreeSet<>(SafeTensors.open(source).names());
        names.removeIf(name -> name.contains("original_module") || name.endsWith("modules_to_save.bias"));
        assertThat(SafeTensors.open(again).names()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(config(again).get("bias")).isEqualTo(config(source).get("bias"));
        if (config(source).get("modules_to_save").toString().matches(".*(LayerNorm|words).*")) {
            assertThat(config(again).get("modules_to_save").toString()).containsPattern("LayerNorm|word_embeddings");
        }

        SafeTensors expected = SafeTensors.open(Golden.path(family + "/adapters/expected.safetensors"));
        try (Transformer model = GoldenTraining.model(family, "model");
                Scope scope = Scope.open()) {
            Batch batch = new PaddedBatch(expected, "batch.", scope).batch(scope);
            Transformer merged = model.with(read).merged();
            Tensor answer =
                    merged.pass().answer(batch, Optional.empty(), merged.head().orElseThrow(), scope);
            assertClose(
                    answer.floats(), expected.tensor(variant + ".logits", scope).floats(), 1e-5, variant);
        }
    }

    @Test
    void biasesTrainedWithoutAPairTravelToo() {
        try (Transformer model = GoldenTraining.model("bert", "model")) {
            Lora bitFit = Lora.headOnly().trainAllBiases();
            assertThat(bitFit.trainableParameters(model)).isEqualTo(32 + 4 * (3 * 32 + 32 + 32 + 48 + 32 + 32));
            assertThat(Cost.of(model, bitFit, 4, 8).trained()).isEqualTo(32 + 4 * 272 + 32 + 8 * 32 + 8);
            Run run = bitFit.train(
                    model, Tiny.task(12).train().head(8), Training.standard().epochs(1));
            run.adapter().save(temporary.resolve("biases"));

            Adapter again = Adapter.load(temporary.resolve("biases"));
            assertThat(again.whole().saved().keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            run.adapter().whole().saved().keySet());
            assertThat(model.with(again).predict("oil").probabilities())
                    .isEqualTo(run.model().predict("oil").probabilities());
            assertThat(again.parameters()).isEqualTo(run.adapter().parameters());
        }
    }

    @Test
    void aWholeWeightThatDoesNotFitIsRefusedWithWhatWeHave() {
        Adapter words = Adapter.load(Golden.path("bert/adapters/words"));
        Adapter strange = words.whole(
                Whole.of(java.util.Map.of("bert.lexicon.weight", words.owner().nothing())));
        Adapter small = words.whole(Whole.of(
                java.util.Map.of("bert.embeddings.LayerNorm.bias", words.owner().nothing())));
        try (Transformer model = GoldenTraining.model("bert", "model")) {
            assertThatThrownBy(() -> model.with(strange))
                    .hasMessage(
                            "adapter must fit model, which has no weight \"bert.lexicon.weight\"; Lamella lays pairs,"
                                    + " whole weights of embedding and layers, pooler and head over a model");
            assertThatThrownBy(() -> model.with(small))
                    .hasMessage("adapter must fit model, whose bert.embeddings.LayerNorm.bias is [32]; got [0]");
        }
    }

    private static void assertAnswersAsInPython(Adapter adapter, String family, String variant) {
        SafeTensors expected = SafeTensors.open(Golden.path(family + "/adapters/expected.safetensors"));
        String base =
                switch (variant) {
                    case "regression" -> "regression";
                    case "encoder", "new-pooler", "all-biases-encoder", "word-pairs-encoder" -> "encoder";
                    default -> "model";
                };
        try (Transformer model = GoldenTraining.model(family, base);
                Scope scope = Scope.open()) {
            PaddedBatch padded = new PaddedBatch(expected, "batch.", scope);
            Batch batch = padded.batch(scope);
            Transformer adapted = model.with(adapter);

            List<Tensor> states = model.pass().states(batch, adapted.overlay(), scope);
            float[] hidden =
                    padded.real(expected.tensor(variant + ".hidden", scope).floats(), model.width());
            assertClose(states.get(model.depth()).floats(), hidden, 1e-5, variant + " hidden");

            Optional<Head> head = adapted.head();
            if (head.isPresent()) {
                float[] logits = expected.tensor(variant + ".logits", scope).floats();
                Tensor answer = model.pass().answer(batch, adapted.overlay(), head.get(), scope);
                assertClose(answer.floats(), logits, 1e-5, variant + " logits");
            }
        }
    }

    private static Set<String> fields(Path folder) {
        return config(folder).keySet();
    }

    private static JsonObject config(Path folder) {
        try {
            return new Gson().fromJson(Files.readString(folder.resolve("adapter_config.json")), JsonObject.class);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aPoolerThatWasTrainedIsNamedInTheFolderAndOneThatIsMissingIsAnError() {
        Adapter.load(Golden.path("deberta/adapters/new-pooler")).save(temporary.resolve("pooler"));
        assertThat(config(temporary.resolve("pooler")).get("modules_to_save"))
                .hasToString("[\"classifier\",\"score\",\"pooler\"]");

        try (Transformer bare = GoldenTraining.model("deberta", "encoder")) {
            Adapter without = Adapter.load(Golden.path("deberta/adapters/query-value"));
            assertThatThrownBy(() -> bare.with(without))
                    .hasMessage("head must fit encoder, whose pooler.dense.weight is [32, 32]; got none: the model's"
                            + " checkpoint has no pooler, and Hugging Face's random one was not saved with the adapter;"
                            + " train again with \"pooler\" in modules_to_save");
        }
    }

    @Test
    void aFieldOfAnotherVersionSurvives() {
        Path folder = Golden.path("bert/adapters/unknown-field");

        Adapter.load(folder).save(temporary.resolve("again"));

        assertThat(config(temporary.resolve("again")).get("a_field_of_next_year"))
                .isEqualTo(config(folder).get("a_field_of_next_year"));
    }

    @Test
    void layersAreWrittenAsAListWithTheirPattern() {
        Adapter.load(Golden.path("bert/adapters/query-value"))
                .keeping(LayerSet.of(4, 1, 3))
                .save(temporary.resolve("kept"));

        JsonObject config = config(temporary.resolve("kept"));
        assertThat(config.get("layers_to_transform").toString()).isEqualTo("[1,3]");
        assertThat(config.get("layers_pattern").getAsString()).isEqualTo("layer");
        assertThat(config.get("target_modules").toString()).isEqualTo("[\"query\",\"value\"]");
    }

    @Test
    void keepingNothingIsWrittenAsOnePairThatChangesNothing() {
        try (Transformer model = GoldenTraining.model("bert", "model")) {
            Adapter trained = Adapter.load(Golden.path("bert/adapters/query-value"));
            ((Adapter) model.with(trained).overlay().orElseThrow()).keeping(0).save(temporary.resolve("none"));

            JsonObject config = config(temporary.resolve("none"));
            SafeTensors file = SafeTensors.open(temporary.resolve("none"));
            assertThat(config.get("layers_to_transform").toString()).isEqualTo("[0]");
            try (Scope scope = Scope.open()) {
                String up = "base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight";
                assertThat(file.tensor(up, scope).floats()).containsOnly(0);
            }
            Adapter again = Adapter.load(temporary.resolve("none"));
            assertThat(again.layers().isEmpty()).isTrue();
            assertThat(again.layers().depth()).isEqualTo(4);
        }
    }

    @Test
    void aFailedSaveLeavesTheOldFolderWhole() throws IOException {
        Path folder = temporary.resolve("adapter");
        Adapter adapter = Adapter.load(Golden.path("bert/adapters/query-value"));
        adapter.save(folder);
        byte[] before = Files.readAllBytes(folder.resolve("adapter_model.safetensors"));
        Adapter closed = Adapter.load(Golden.path("bert/adapters/layers-1-3"));
        closed.close();

        assertThatThrownBy(() -> closed.save(folder)).isInstanceOf(IllegalStateException.class);

        assertThat(Files.readAllBytes(folder.resolve("adapter_model.safetensors")))
                .isEqualTo(before);
        try (var inside = Files.list(temporary)) {
            assertThat(inside.map(path -> path.getFileName().toString())).containsExactly("adapter");
        }
    }

    @Test
    void aFolderThatHoldsSomebodysWorkIsLeftAloneAndAReadmeIsKept() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("work"));
        Files.writeString(folder.resolve("thesis.tex"), "years");
        Adapter adapter = Adapter.load(Golden.path("bert/adapters/query-value"));

        assertThatThrownBy(() -> adapter.save(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folder must be new, or hold only what is saved there, since it is replaced whole; got "
                        + folder + ", which also holds thesis.tex");
        assertThat(folder.resolve("thesis.tex")).hasContent("years");

        Files.move(folder.resolve("thesis.tex"), folder.resolve("README.md"));
        adapter.save(folder);
        adapter.save(folder);
        assertThat(folder.resolve("README.md")).hasContent("years");
        assertThat(Adapter.load(folder).layers().size()).isEqualTo(4);
    }

    @Test
    void aFolderIsWholeAgainWhenTheJvmEndedBetweenTheTwoMovesOfASave() throws IOException {
        Path folder = temporary.resolve("adapter");
        Adapter.load(Golden.path("bert/adapters/query-value")).save(folder);
        Files.move(folder, temporary.resolve(".adapter.old"));

        Adapter found = Adapter.load(folder);

        assertThat(found.layers().size()).isEqualTo(4);
        assertThat(temporary.resolve(".adapter.old")).doesNotExist();
    }

    @Test
    void anAdapterOfAnotherModelSaysWhatDiffers() {
        try (Transformer model = GoldenTraining.model("bert", "regression")) {
            Adapter adapter = Adapter.load(Golden.path("bert/adapters/query-value"));
            assertThat(model.with(adapter).head().orElseThrow().outputs()).isEqualTo(8);
        }
        Adapter.Owner owner = new Adapter.Owner();
        Adapter wide = Adapter.load(Golden.path("bert/adapters/query-value"));
        Pair pair = Pair.of(
                owner.scope().floats(new float[48], 1, 48),
                owner.scope().floats(new float[48], 48, 1),
                1,
                false,
                owner.scope());
        Adapter other = new Adapter(
                owner,
                java.util.Map.of(0, java.util.Map.of("attention.self.query", pair)),
                Optional.empty(),
                wide.origin(),
                0,
                wide.place());
        try (Transformer model = GoldenTraining.model("bert", "model")) {
            assertThatThrownBy(() -> model.with(other))
                    .hasMessage(
                            "adapter must fit model, whose attention.self.query in layer 0 is (32, 32); got a pair for"
                                    + " (48, 48); the adapter was made for tiny-bert");
        }
    }

    @Test
    void anotherMethodIsAnErrorThatNamesIt() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("other"));
        Files.copy(
                Golden.path("bert/adapters/query-value/adapter_model.safetensors"),
                folder.resolve("adapter_model.safetensors"));
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"IA3\"}");

        assertThatThrownBy(() -> Adapter.load(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + folder
                        + "/adapter_config.json] peft_type must be \"LORA\", the only method read here; got \"IA3\";"
                        + " Lamella has LoRA, rank-stabilised LoRA, DoRA and PiSSA");
    }
}
