// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.model.LinearModule;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** DoRA, PiSSA and recipes of several parts: where they start, what they save, what they refuse. */
final class FormsTest {

    private static final Training HOW =
            Training.standard().epochs(2).batchSize(4).learningRate(0.01).baseDropout(false);

    private static Transformer model;

    @TempDir
    Path temporary;

    @BeforeAll
    static void load() {
        model = Tiny.model("encoder");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Lora recipe() {
        return Lora.on(LayerSet.of(4, 1, 3)).rank(4).alpha(8).targets("query", "output.dense");
    }

    private static List<Lora> forms() {
        return List.of(
                recipe(),
                recipe().rankStabilised(),
                recipe().dora(),
                recipe().pissa(),
                recipe().pissa(4),
                recipe().trainBiases(),
                recipe().dora().trainBiases().trainPooler(),
                recipe().dora().pissa().rankStabilised(),
                recipe().and(Lora.on(LayerSet.of(4, 0, 1)).rank(2).alpha(2).targets("value")));
    }

    private static double[] answers(Adapter adapter) {
        return model.with(adapter).predict(Tiny.task(8).train()).logits().values();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void beforeTheFirstStepTheModelIsTheBaseModel(Lora form) {
        Transformer cut = model.maxTokens(64);
        Adapter fresh = FreshAdapter.of(form, cut, Tiny.task(8).train(), HOW);
        Adapter bare = FreshAdapter.of(Lora.headOnly(), cut, Tiny.task(8).train(), HOW);

        double[] started = answers(fresh);

        double[] base = answers(bare);
        for (int i = 0; i < base.length; i++) {
            assertThat(started[i]).isCloseTo(base[i], within(2e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aTrainedAdapterAnswersTheSameOnceItWasSavedAndLoadedTwice(Lora form) {
        Adapter trained = form.train(model, Tiny.task(16).train(), HOW).adapter();
        trained.save(temporary.resolve("once"));
        Adapter once = Adapter.load(temporary.resolve("once"));
        once.save(temporary.resolve("twice"));
        Adapter twice = Adapter.load(temporary.resolve("twice"));

        assertThat(answers(once)).isEqualTo(answers(trained));
        assertThat(answers(twice)).isEqualTo(answers(trained));
        assertThat(once.parameters()).isEqualTo(trained.parameters());
        assertThat(once.settings()).isEqualTo(trained.settings());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theNumbersThatATrainingHasAreTheRecipesAndTheHeads(Lora form) {
        Adapter trained = form.train(model, Tiny.task(8).train(), HOW).adapter();

        long head = Lora.headOnly()
                .train(model, Tiny.task(8).train(), HOW)
                .adapter()
                .parameters();

        long pooler = form.form().pooler() ? 32 * 32 + 32 : 0;
        assertThat(trained.parameters()).isEqualTo(form.trainableParameters(model) + pooler + head);
    }

    @Test
    void aRandomisedDecompositionApproximatesTheWeightAsWellAsTheExactOne() {
        LinearModule query = model.linears().get(0);
        try (Scope scope = Scope.open()) {
            Tensor weight = model.weight(1, query);
            Pair.Start exact = Principal.of(weight, 4, 2, 0, new Seed(1), scope);
            Pair.Start random = Principal.of(weight, 4, 2, 16, new Seed(1), scope);

            double best = left(weight, exact);
            assertThat(left(weight, random)).isBetween(best - 1e-4, 1.001 * best);
            assertThat(left(weight, Principal.of(weight, 32, 2, 0, new Seed(1), scope)))
                    .isLessThan(1e-4);
        }
    }

    // the length of what the approximation leaves of the weight, under a scale of 2
    private static double left(Tensor weight, Pair.Start start) {
        float[] all = weight.floats();
        float[] approximation = product(start);
        double sum = 0;
        for (int i = 0; i < all.length; i++) {
            double difference = all[i] - 2.0 * approximation[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    private static float[] product(Pair.Start start) {
        float[] a = start.down().floats();
        float[] b = start.up().floats();
        int rank = (int) start.down().size(0);
        int inputs = (int) start.down().size(1);
        int outputs = (int) start.up().size(0);
        float[] product = new float[outputs * inputs];
        for (int o = 0; o < outputs; o++) {
            for (int r = 0; r < rank; r++) {
                for (int i = 0; i < inputs; i++) {
                    product[o * inputs + i] += b[o * rank + r] * a[r * inputs + i];
                }
            }
        }
        return product;
    }

    @Test
    void aRecipeReadsAsItWasWritten() {
        assertThat(recipe().dora().pissa(16).rankStabilised())
                .hasToString("Lora.on(LayerSet.parse(\"0101\")).rank(4).alpha(8).targets(\"query\","
                        + " \"output.dense\").rankStabilised().dora().pissa(16)");
        assertThat(recipe().and(Lora.on(LayerSet.of(4, 0)).targets("value")))
                .hasToString("Lora.on(LayerSet.parse(\"0101\")).rank(4).alpha(8).targets(\"query\","
                        + " \"output.dense\").and(Lora.on(LayerSet.parse(\"1000\")).rank(8).alpha(8)"
                        + ".targets(\"value\"))");
    }

    @Test
    void partsThatDoNotFitTogetherAreRefused() {
        Lora other = Lora.on(LayerSet.of(4, 0)).targets("value");
        assertThatThrownBy(() -> recipe().and(other.dora()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parts must have one form and dropout; got " + recipe() + " and " + other.dora());
        assertThatThrownBy(() -> recipe().and(Lora.headOnly()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parts must have layers; got one that trains the head alone");
        assertThatThrownBy(() -> recipe().and(other.layers(LayerSet.of(6, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parts must have layers of one model; got depths 4 and 6");
        assertThatThrownBy(() -> recipe().and(other).rank(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rank must be chosen before parts are joined by and(...); got a recipe of 2 parts");
        Lora shared = recipe().and(other.layers(LayerSet.of(4, 1)).targets("query"));
        assertThatThrownBy(() -> shared.train(model, Tiny.task(8).train(), HOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "parts must not share a module; got bert.encoder.layer.1.attention.self.query in two of them");
        assertThatThrownBy(() -> recipe().rank(33)
                        .targets("query")
                        .pissa()
                        .train(model, Tiny.task(8).train(), HOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("rank must be at most 32");
        assertThatThrownBy(() -> recipe().pissa(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("iterations must be at least 0; got -1");
        assertThatThrownBy(() -> HOW.loraPlus(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ratio must be a number above 0; got 0.0");
    }
}
