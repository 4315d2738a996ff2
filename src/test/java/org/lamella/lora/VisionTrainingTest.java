// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.Batch;
import org.lamella.model.Batches;
import org.lamella.model.Golden;
import org.lamella.model.GoldenPictures;
import org.lamella.model.Head;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Losses, gradients and trainings of models that see against PEFT, every dropout 0: make.py made the numbers. */
final class VisionTrainingTest {

    private static final String[] LANGUAGE = {
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"
    };
    private static final String[] TOWER = {"q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"};

    @TempDir
    private Path folder;

    private static Stream<Arguments> llavas() {
        return variants("llama", "qwen2");
    }

    private static Stream<Arguments> languages() {
        return variants("llama", "qwen2", "mistral", "gemma", "gemma2");
    }

    private static Stream<Arguments> variants(String... variants) {
        return Stream.of(variants).flatMap(variant -> Stream.of("language", "both", "projector")
                .map(name -> Arguments.of(variant, name)));
    }

    static Lora llavaRecipe(String variant, String name) {
        LayerSet eyes = variant.equals("qwen2") ? LayerSet.of(4, 1, 3) : LayerSet.of(4, 0, 2);
        return switch (name) {
            case "language" -> Lora.on(LayerSet.of(4, 1, 3)).rank(4).alpha(8).targets(LANGUAGE);
            case "both" ->
                Lora.on(LayerSet.of(4, 2))
                        .rank(4)
                        .alpha(8)
                        .tower(Lora.on(eyes).rank(3).alpha(8).targets("q_proj", "fc1", "fc2"));
            default -> Lora.on(LayerSet.of(4, 3)).rank(4).alpha(8).trainProjector();
        };
    }

    private static Lora clipRecipe(String name) {
        Lora recipe = Lora.on(name.equals("layers-1-3") ? LayerSet.of(4, 1, 3) : LayerSet.all(4));
        return switch (name) {
            case "query-value" -> recipe.rank(4).alpha(8);
            case "every-linear" -> recipe.rank(3).alpha(7).targets(TOWER);
            case "layers-1-3" -> recipe.rank(4).alpha(8).targets(TOWER);
            default -> recipe.rank(3).alpha(7).targets(TOWER).dora();
        };
    }

    static Transformer llava(String variant) {
        return Transformer.load(Golden.path("llava/" + variant + "/model"));
    }

    private static Split shapes() {
        return GoldenPictures.labelled(GoldenPictures.json("clip/expected.json"), "circle", "rectangle", "triangle");
    }

    /** Returns every trained tensor by its name in PEFT's file. */
    static Map<String, Tensor> named(Adapter adapter) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        Consumer<Adapter> pairs = one -> one.pairs()
                .forEach((layer, modules) -> modules.forEach((module, pair) -> {
                    String path = one.place().path(layer, module);
                    named.put(path + ".lora_A.weight", pair.down());
                    named.put(path + ".lora_B.weight", pair.up());
                    pair.magnitude().ifPresent(lengths -> named.put(path + ".lora_magnitude_vector.weight", lengths));
                }));
        pairs.accept(adapter);
        adapter.tower().ifPresent(pairs);
        named.putAll(adapter.whole().saved());
        adapter.head().map(Head::parameters).ifPresent(named::putAll);
        return named;
    }

    static Adapter given(Adapter fresh, SafeTensors file, String variant, boolean start) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> named = named(fresh);
            String prefix = variant + ".initial.base_model.model.";
            assertThat(named.keySet())
                    .containsExactlyInAnyOrderElementsOf(file.names().stream()
                            .filter(name -> name.startsWith(prefix))
                            .map(name -> name.substring(prefix.length()))
                            .toList());
            named.forEach((name, tensor) -> {
                if (!start || !(name.contains("lora_B") || name.contains("magnitude"))) {
                    tensor.overwrite(file.tensor(prefix + name, scope));
                }
            });
        }
        return fresh;
    }

    private static void requireGradients(
            Lora recipe, Transformer model, Batches batches, SafeTensors file, String variant, boolean again) {
        try (Scope scope = Scope.open()) {
            Adapter adapter =
                    given(FreshAdapter.of(recipe, model, batches.split(), Training.standard()), file, variant, false);
            Training training = Training.standard().gradientCheckpointing(again);
            Trainer trainer = Trainer.of(recipe, model, training, adapter, batches, List.of());
            try (AdamW optimizer = trainer.optimizer()) {
                int[] all = IntStream.range(0, batches.split().size()).toArray();
                Batch batch = batches.of(all, scope);
                int weight = IntStream.of(all).map(batches::weight).sum();

                double loss = trainer.backward(model.pass(), batch, 1.0 / weight, scope);

                assertThat(loss).isCloseTo(file.tensor(variant + ".loss", scope).item(), within(1e-5));
                named(adapter).forEach((name, tensor) -> {
                    String full = variant + ".gradient.base_model.model." + name;
                    Golden.assertClose(
                            tensor.gradient(scope).floats(),
                            file.tensor(full, scope).floats(),
                            1e-5,
                            full);
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void lossAndGradientsOfLanguageTowerAndProjectorArePefts(String variant, String name) {
        SafeTensors file = SafeTensors.open(Golden.path("llava/" + variant + "/gradients.safetensors"));
        try (Transformer model = llava(variant)) {
            Batches batches =
                    GoldenPictures.answered(model, GoldenPictures.json("llava/" + variant + "/expected.json"));
            requireGradients(llavaRecipe(variant, name), model, batches, file, name, false);
            requireGradients(llavaRecipe(variant, name), model, batches, file, name, true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"query-value", "every-linear", "layers-1-3", "dora"})
    void lossAndGradientsOfATowerAlonePefts(String name) {
        SafeTensors file = SafeTensors.open(Golden.path("clip/gradients.safetensors"));
        try (Transformer model = Transformer.load(Golden.path("clip/model"))) {
            requireGradients(clipRecipe(name), model, model.batches(shapes()), file, name, false);
        }
    }

    private static Training training() {
        return Training.standard()
                .learningRate(0.01)
                .warmup(0.1)
                .weightDecay(0.1)
                .clip(1);
    }

    private static void requireLosses(
            Lora recipe, Transformer model, Adapter start, Batches batches, JsonObject expected) {
        List<List<int[]>> plan = new ArrayList<>();
        expected.getAsJsonArray("steps")
                .forEach(step -> plan.add(List.of(GoldenTraining.integers(step.getAsJsonArray()))));

        Run run = Trainer.of(recipe, model, training(), start, batches, plan).train();

        double[] losses = run.table().doubleColumn("loss").asDoubleArray();
        double[] pefts = GoldenTraining.numbers(expected.getAsJsonArray("losses"));
        assertThat(losses).hasSameSizeAs(pefts);
        for (int i = 0; i < pefts.length; i++) {
            assertThat(losses[i]).as("step " + i).isCloseTo(pefts[i], within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("llavas")
    void twentyStepsGivePeftsLosses(String variant, String name) {
        JsonObject expected = GoldenPictures.json("llava/" + variant + "/expected.json");
        SafeTensors file = SafeTensors.open(Golden.path("llava/" + variant + "/gradients.safetensors"));
        Lora recipe = llavaRecipe(variant, name);
        try (Transformer model = llava(variant)) {
            Batches batches = GoldenPictures.answered(model, expected);
            Adapter start = given(FreshAdapter.of(recipe, model, batches.split(), training()), file, name, true);
            requireLosses(
                    recipe,
                    model,
                    start,
                    batches,
                    expected.getAsJsonObject("trainings").getAsJsonObject(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"query-value", "layers-1-3", "dora"})
    void twentyStepsOfATowerAloneGivePeftsLosses(String name) {
        JsonObject expected = GoldenPictures.json("clip/expected.json").getAsJsonObject("trainings");
        SafeTensors file = SafeTensors.open(Golden.path("clip/gradients.safetensors"));
        Lora recipe = clipRecipe(name);
        try (Transformer model = Transformer.load(Golden.path("clip/model"))) {
            Adapter start = given(FreshAdapter.of(recipe, model, shapes(), training()), file, name, true);
            requireLosses(recipe, model, start, model.batches(shapes()), expected.getAsJsonObject(name));
        }
    }

    @Test
    void twentyStepsOfAllWeightsGiveTorchsLosses() {
        JsonObject expected = GoldenPictures.json("clip/expected.json").getAsJsonObject("whole");
        try (Transformer model = Transformer.load(Golden.path("clip/model"))) {
            Adapter start = FreshAdapter.of(Lora.everything(), model, shapes(), training());
            Map<String, Tensor> own = model.head().orElseThrow().parameters();
            start.head()
                    .orElseThrow()
                    .parameters()
                    .forEach((name, tensor) -> tensor.overwrite(java.util.Objects.requireNonNull(own.get(name))));
            requireLosses(Lora.everything(), model, start, model.batches(shapes()), expected);
        }
    }

    @ParameterizedTest
    @MethodSource("llavas")
    void aFolderOfPeftsGivesPeftsLogitsAndIsWrittenAgain(String variant, String name) {
        String place = "llava/" + variant + "/adapters/" + name;
        SafeTensors file = SafeTensors.open(Golden.path(place + "/expected.safetensors"));
        try (Transformer model = llava(variant);
                Scope scope = Scope.open()) {
            Batches batches =
                    GoldenPictures.answered(model, GoldenPictures.json("llava/" + variant + "/expected.json"));
            Batch batch = batches.of(new int[] {0, 1, 2, 3, 4}, scope);
            float[] expected = file.tensor("logits", scope).floats();
            Adapter adapter = Adapter.load(Golden.path(place));
            Adapter fitted = (Adapter) model.with(adapter).overlay().orElseThrow();
            fitted.save(folder.resolve(name));

            for (Transformer adapted : List.of(
                    model.with(adapter),
                    model.with(Adapter.load(folder.resolve(name))),
                    model.with(adapter).merged())) {
                Tensor last =
                        adapted.pass().states(batch, adapted.overlay(), scope).get(4);
                Tensor read = adapted.pass().readAtHead(last, batch, Head.words(), scope);
                Golden.assertClose(adapted.pass().next(read, scope).floats(), expected, 2e-5, name);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"every-linear", "layers-1-3"})
    void aFolderOfPeftsOverATowerAloneGivesPeftsLogits(String name) {
        SafeTensors file = SafeTensors.open(Golden.path("clip/adapters/" + name + "/expected.safetensors"));
        try (Transformer model = Transformer.load(Golden.path("clip/model"));
                Scope scope = Scope.open()) {
            Transformer adapted = model.with(Adapter.load(Golden.path("clip/adapters/" + name)));
            Batch batch = adapted.batches(shapes()).of(new int[] {0, 1, 2, 3, 4, 5}, scope);

            float[] logits = adapted.pass()
                    .answer(
                            batch,
                            Optional.of(adapted.overlay().orElseThrow()),
                            adapted.head().orElseThrow(),
                            scope)
                    .floats();

            Golden.assertClose(logits, file.tensor("logits", scope).floats(), 1e-5, name);
        }
    }
}
