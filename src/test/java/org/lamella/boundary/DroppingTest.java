// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.LayerSet;
import org.lamella.base.Matrix;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Adapter;
import org.lamella.lora.Lora;
import org.lamella.lora.Training;
import org.lamella.model.Generation;
import org.lamella.model.Golden;
import org.lamella.model.Transformer;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * An adapter dropped above a boundary is the same thing in three ways: switched off layer by layer, cut and saved, or merged
 * below the boundary alone; in reading a prompt and in writing after it.
 */
class DroppingTest {

    private static final List<String> WORDS =
            List.of("oil", "bank", "profit", "loss", "stock", "price", "shares", "it");
    private static final double ROUNDING = 2e-5;

    @TempDir
    Path folder;

    private static String words(Seed seed, int place, int count) {
        int[] drawn = seed.child("words", place).permutation(WORDS.size());
        return String.join(
                " ",
                IntStream.range(0, count).mapToObj(i -> WORDS.get(drawn[i])).toList());
    }

    private static Split answers() {
        Seed seed = new Seed(7);
        return Task.from(Table.create(
                        "words",
                        StringColumn.create("prompt", IntStream.range(0, 8).mapToObj(i -> words(seed, i, 2 + i % 4))),
                        StringColumn.create(
                                "answer", IntStream.range(0, 8).mapToObj(i -> " " + words(seed, 50 + i, 3)))))
                .text("prompt")
                .answer("answer")
                .train();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "qwen2", "gemma", "gemma2"})
    void gateRemovalAndPartialMergeAgreeInReadingAndWriting(String name) {
        try (Transformer model = Transformer.load(Golden.path("decoders/" + name + "/model"))) {
            Split split = answers();
            Adapter adapter = Lora.on(model.layers())
                    .rank(4)
                    .alpha(64)
                    .train(
                            model,
                            split,
                            Training.standard().learningRate(0.05).epochs(4).batchSize(4))
                    .adapter();
            List<String> prompts =
                    split.examples().stream().map(each -> each.texts().get(0)).toList();
            Generation greedy = Generation.greedy().maxTokens(6);
            Sweep sweep = Boundary.sweep(model, adapter, split);
            for (int b = 0; b <= model.depth(); b++) {
                Path place = folder.resolve(name + b);
                adapter.keeping(b).save(place);
                Transformer removed = model.with(Adapter.load(place));
                Transformer merged = model.with(adapter.keeping(b)).merged();
                Matrix gate = sweep.evaluation(b).predictions().logits();
                assertThat(removed.predict(split).logits())
                        .as(name + ", removed at " + b)
                        .isEqualTo(gate);
                near(merged.predict(split).logits(), gate, name + ", merged below " + b);
                // written with the cache; read anew as one text, the mask is the same in every layer
                List<String> written = removed.generate(prompts, greedy).texts();
                assertThat(model.with(adapter.keeping(b))
                                .generate(prompts, greedy)
                                .texts())
                        .as(name + ", written at " + b)
                        .isEqualTo(written);
                assertThat(merged.generate(prompts, greedy).texts())
                        .as(name + ", written merged below " + b)
                        .isEqualTo(written);
                merged.close();
            }
            assertThat(sweep.evaluation(0).predictions().logits())
                    .isEqualTo(model.predict(split).logits())
                    .isNotEqualTo(sweep.evaluation(model.depth()).predictions().logits());
        }
    }

    private static void near(Matrix found, Matrix expected, String what) {
        for (int row = 0; row < expected.rows(); row++) {
            for (int column = 0; column < expected.columns(); column++) {
                double size = Math.max(1, Math.abs(expected.at(row, column)));
                assertThat(found.at(row, column)).as(what).isCloseTo(expected.at(row, column), within(ROUNDING * size));
            }
        }
    }

    @Test
    void weightsReplacedWholeGoWithTheirLayersAndThoseBeforeThemCountAsTheFirst() {
        try (Transformer model = Transformer.load("src/test/resources/golden/bert/model")) {
            Split split = labelled();
            LayerSet upper = LayerSet.parse("0011");
            Adapter adapter = Lora.on(upper)
                    .trainAllBiases()
                    .train(
                            model,
                            split,
                            Training.standard().learningRate(0.05).epochs(2).batchSize(4))
                    .adapter();

            Sweep sweep = Boundary.sweep(model, adapter, split);
            Curves curves = Boundary.curves(model, adapter, split);

            for (int b = 0; b <= 4; b++) {
                assertThat(sweep.evaluation(b).predictions().logits())
                        .as("boundary " + b)
                        .isEqualTo(model.with(adapter.keeping(b)).predict(split).logits());
            }
            assertThat(sweep.table().stringColumn("kept").asList())
                    .containsExactly("0000", "1000", "1100", "1110", "1111");
            assertThat(adapter.keeping(0).replaced()).isEmpty();
            assertThat(adapter.keeping(1).replaced().keySet())
                    .contains("bert.embeddings.LayerNorm.bias", "bert.encoder.layer.0.output.dense.bias")
                    .doesNotContain("bert.encoder.layer.1.output.dense.bias");
            assertThat(curves.table().rowCount()).isPositive();
            assertThat(sweep.evaluation(4).metrics())
                    .isEqualTo(Evaluation.measure(model.with(adapter), split).metrics());
        }
    }

    private static Split labelled() {
        Seed seed = new Seed(8);
        return Task.from(Table.create(
                        "words",
                        StringColumn.create("text", IntStream.range(0, 16).mapToObj(i -> words(seed, i, 1 + i % 6))),
                        StringColumn.create("label", IntStream.range(0, 16).mapToObj(i -> i % 2 == 0 ? "up" : "down"))))
                .text("text")
                .label("label")
                .train();
    }
}
