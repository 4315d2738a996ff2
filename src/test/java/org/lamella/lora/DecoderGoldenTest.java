// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Batch;
import org.lamella.model.Batches;
import org.lamella.model.Generation;
import org.lamella.model.Golden;
import org.lamella.model.PaddedBatch;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Answers, gradients and trainings of decoders against PEFT, every dropout 0: make.py made the numbers. */
final class DecoderGoldenTest {

    /** By how much bfloat16 may differ from the number it stands for, relative to it. */
    private static final double ROUNDING = 1.0 / 256;

    private static final String[] EVERY_LINEAR = {
        "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"
    };

    private static List<Arguments> of(String... names) {
        return Stream.of("llama", "llama-biased", "mistral", "qwen2", "gemma", "gemma2")
                .flatMap(family -> Stream.of(names).map(name -> Arguments.of(family, name)))
                .toList();
    }

    private static List<Arguments> variants() {
        return of("query-value", "every-linear", "layers-1-3", "dora", "pissa");
    }

    private static Lora recipe(String name) {
        Lora recipe = Lora.on(name.equals("layers-1-3") ? LayerSet.of(4, 1, 3) : LayerSet.all(4));
        return switch (name) {
            case "query-value" -> recipe.rank(4).alpha(8).targets("q_proj", "v_proj");
            case "every-linear" -> recipe.rank(3).alpha(7).targets(EVERY_LINEAR);
            case "layers-1-3" -> recipe.rank(4).alpha(8).targets(EVERY_LINEAR);
            case "dora" -> recipe.rank(3).alpha(7).targets(EVERY_LINEAR).dora();
            case "pissa" -> recipe.rank(4).alpha(8).targets(EVERY_LINEAR).pissa();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static SafeTensors gradients(String family) {
        return SafeTensors.open(Golden.path("decoders/" + family + "/gradients.safetensors"));
    }

    private static Transformer model(String family) {
        return Transformer.load(Golden.path("decoders/" + family + "/model"));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void answerLossAndEveryGradientArePefts(String family, String variant) {
        SafeTensors file = gradients(family);
        Lora recipe = recipe(variant);
        try (Transformer model = model(family);
                Scope scope = Scope.open()) {
            Adapter adapter = GoldenTraining.adapter(recipe, file, variant + ".initial.", false);
            Batches batches = answers(file, scope);
            Trainer trainer = Trainer.of(recipe, model, Training.standard(), adapter, batches, List.of());
            try (AdamW optimizer = trainer.optimizer()) {
                Batch batch = batches.of(new int[] {0, 1, 2, 3, 4}, scope);
                double loss = trainer.backward(model.pass(), batch, 1.0 / batch.answerTokens(), scope);

                assertThat(loss).isCloseTo(file.tensor(variant + ".loss", scope).item(), within(1e-5));
                adapter.pairs()
                        .forEach((layer, modules) -> modules.forEach((name, pair) -> {
                            String path = variant + ".gradient.base_model.model.model.layers." + layer + "." + name;
                            close(pair.down(), file, path + ".lora_A.weight", scope);
                            close(pair.up(), file, path + ".lora_B.weight", scope);
                            pair.magnitude()
                                    .ifPresent(lengths ->
                                            close(lengths, file, path + ".lora_magnitude_vector.weight", scope));
                        }));
            }
        }
    }

    private static void close(Tensor parameter, SafeTensors file, String name, Scope scope) {
        float[] expected = file.tensor(name, scope).floats();
        // PiSSA: PEFT rounds the weight that is left over once, here each output is rounded
        double tolerance = name.startsWith("pissa") ? 2e-5 : 1e-5;
        Golden.assertClose(parameter.gradient(scope).floats(), expected, tolerance, name);
    }

    // the batch of the gradient file, the tokens before the first scored one being the prompt
    private static Batches answers(SafeTensors file, Scope scope) {
        Tensor ids = file.tensor("batch.input_ids", scope);
        long[] labels = file.tensor("batch.labels", scope).longs();
        long[] mask = file.tensor("batch.attention_mask", scope).longs();
        int columns = (int) ids.size(1);
        List<long[]> rows = new ArrayList<>();
        List<Integer> prompts = new ArrayList<>();
        for (int b = 0; b < ids.size(0); b++) {
            int start = b * columns;
            int length = (int) IntStream.range(start, start + columns)
                    .filter(i -> mask[i] == 1)
                    .count();
            long[] row = new long[length];
            System.arraycopy(ids.longs(), start, row, 0, length);
            rows.add(row);
            prompts.add((int) IntStream.range(start, start + length)
                    .filter(i -> labels[i] < 0)
                    .count());
        }
        return Golden.answered(split(rows.size()), rows, prompts);
    }

    private static Split split(int size) {
        StringColumn prompt = StringColumn.create("prompt");
        StringColumn answer = StringColumn.create("answer");
        for (int i = 0; i < size; i++) {
            prompt.append("prompt " + i);
            answer.append("answer " + i);
        }
        Table table = Table.create("golden", prompt, answer);
        return Task.from(table)
                .text("prompt")
                .answer("answer")
                .validation(table)
                .test(table)
                .train();
    }

    private static List<Arguments> families() {
        return of("every-linear");
    }

    @ParameterizedTest
    @MethodSource("families")
    void inBfloat16StatesLossAndGradientsAreTransformersUpToItsRounding(String family, String variant) {
        SafeTensors file = SafeTensors.open(Golden.path("decoders/" + family + "/bfloat16.safetensors"));
        Lora recipe = recipe(variant);
        try (Transformer whole = model(family);
                Transformer model = whole.dtype(DType.BF16);
                Scope scope = Scope.open()) {
            Batches batches = answers(gradients(family), scope);
            Batch batch = batches.of(new int[] {0, 1, 2, 3, 4}, scope);
            PaddedBatch padded = new PaddedBatch(gradients(family), "batch.", scope);
            List<Tensor> states = model.pass().states(batch, Optional.empty(), scope);
            for (int layer = 0; layer < 4; layer++) {
                Tensor expected = file.tensor("hidden." + layer, scope);
                Golden.assertClose(
                        states.get(layer).floats(), padded.real(expected.floats(), 32), 8 * ROUNDING, "layer " + layer);
            }
            assertThat(states.get(0).dtype()).isEqualTo(DType.BF16);

            Adapter adapter = GoldenTraining.adapter(recipe, gradients(family), variant + ".initial.", false);
            Trainer trainer = Trainer.of(recipe, model, Training.standard(), adapter, batches, List.of());
            try (AdamW optimizer = trainer.optimizer()) {
                double loss = trainer.backward(model.pass(), batch, 1.0 / batch.answerTokens(), scope);

                assertThat(loss).isCloseTo(file.tensor("adapted.loss", scope).item(), within(4 * ROUNDING));
                Objects.requireNonNull(adapter.pairs().get(3)).forEach((name, pair) -> {
                    String path = "gradient.base_model.model.model.layers.3." + name;
                    near(pair.down(), file, path + ".lora_A.weight", scope);
                    near(pair.up(), file, path + ".lora_B.weight", scope);
                });
            }
        }
    }

    private static void near(Tensor parameter, SafeTensors file, String name, Scope scope) {
        float[] expected = file.tensor(name, scope).floats();
        Golden.assertClose(parameter.gradient(scope).floats(), expected, 16 * ROUNDING, name);
    }

    private static List<Arguments> trainings() {
        return of("query-value", "layers-1-3", "dora");
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void twentyStepsGivePeftsLosses(String family, String name) {
        JsonObject expected = GoldenTraining.json("decoders/" + family + "/expected.json")
                .getAsJsonObject("trainings")
                .getAsJsonObject(name);
        Lora recipe = recipe(name);
        Training training = Training.standard()
                .learningRate(expected.get("learning_rate").getAsDouble())
                .warmup(expected.get("warmup_steps").getAsDouble() / 20)
                .weightDecay(expected.get("weight_decay").getAsDouble())
                .clip(expected.get("clip").getAsDouble());
        List<List<int[]>> plan = new ArrayList<>();
        expected.getAsJsonArray("steps")
                .forEach(step -> plan.add(List.of(GoldenTraining.integers(step.getAsJsonArray()))));
        try (Transformer model = model(family)) {
            Adapter start = untrained(recipe, family, name, model);
            Run run = Trainer.of(recipe, model, training, start, examples(expected), plan)
                    .train();

            double[] losses = run.table().doubleColumn("loss").asDoubleArray();
            double[] pefts = GoldenTraining.numbers(expected.getAsJsonArray("losses"));
            assertThat(losses).hasSameSizeAs(pefts);
            for (int i = 0; i < pefts.length; i++) {
                assertThat(losses[i]).as("step " + i).isCloseTo(pefts[i], within(1e-4));
            }
        }
    }

    // A as in the gradient file, B zero, lengths those of the weights' rows
    private static Adapter untrained(Lora recipe, String family, String name, Transformer model) {
        Adapter given = GoldenTraining.adapter(recipe, gradients(family), name + ".initial.", false);
        Adapter fresh = FreshAdapter.of(recipe, model, split(4), Training.standard());
        fresh.pairs()
                .forEach((layer, modules) -> modules.forEach((module, pair) -> {
                    Map<String, Pair> others =
                            Objects.requireNonNull(given.pairs().get(layer));
                    pair.down()
                            .overwrite(
                                    Objects.requireNonNull(others.get(module)).down());
                }));
        return fresh;
    }

    private static Batches examples(JsonObject expected) {
        List<long[]> ids = new ArrayList<>();
        List<Integer> prompts = new ArrayList<>();
        for (JsonElement element : expected.getAsJsonArray("examples")) {
            JsonObject example = element.getAsJsonObject();
            JsonArray numbers = example.getAsJsonArray("ids");
            ids.add(new Gson().fromJson(numbers, long[].class));
            prompts.add(example.get("scored").getAsInt());
        }
        return Golden.answered(split(ids.size()), ids, prompts);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void aFolderOfPeftsGivesPeftsLogits(String family, String name) {
        SafeTensors file =
                SafeTensors.open(Golden.path("decoders/" + family + "/adapters/" + name + "/expected.safetensors"));
        try (Transformer model = model(family);
                Scope scope = Scope.open()) {
            Adapter adapter = Adapter.load(Golden.path("decoders/" + family + "/adapters/" + name));
            Transformer adapted = model.with(adapter);
            PaddedBatch padded = new PaddedBatch(file, "", scope);
            Tensor last = adapted.pass()
                    .states(padded.batch(scope), adapted.overlay(), scope)
                    .get(4);

            Tensor expected = file.tensor("logits", scope);
            Golden.assertClose(
                    adapted.pass().next(last, scope).floats(),
                    padded.real(expected.floats(), (int) expected.size(-1)),
                    1e-5,
                    name);
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void whatIsWrittenUnderAnAdapterIsWhatTheMergedModelWrites(String family, String name) {
        try (Transformer model = model(family)) {
            Transformer adapted = model.with(Adapter.load(Golden.path("decoders/" + family + "/adapters/" + name)));
            List<String> prompts = List.of("shares rose", "the oil price of the year fell in the market", "a");
            Generation greedy = Generation.greedy().maxTokens(16);

            List<String> texts = adapted.generate(prompts, greedy).texts();

            assertThat(texts)
                    .isEqualTo(adapted.merged().generate(prompts, greedy).texts());
            assertThat(texts).isNotEqualTo(model.generate(prompts, greedy).texts());
        }
    }

    private static List<Arguments> adapters() {
        return of("every-linear", "layers-1-3");
    }
}
