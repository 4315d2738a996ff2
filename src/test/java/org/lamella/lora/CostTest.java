// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.model.Golden;
import org.lamella.model.LinearModule;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;
import org.lamella.score.Front;
import org.lamella.tensor.DType;
import tech.tablesaw.api.Table;

/** Operations against counts by hand, on the golden BERT: 4 layers, width 32, inner width 48, 4 heads, 8 labels. */
class CostTest {

    private static final long D = 32;
    private static final long F = 48;
    private static final long B = 6;
    private static final long T = 16;
    private static final long N = B * T;
    private static final long R = 2;

    private final Transformer model = Tiny.model("model");

    private Cost cost(Lora recipe) {
        return Cost.of(model, recipe, (int) B, (int) T);
    }

    private static Lora on(String mask) {
        return Lora.on(LayerSet.parse(mask)).rank((int) R).targets("query", "value");
    }

    // four modules D by D, two D by F, and attention's two products of all heads
    private static final long FULL = 2 * N * (4 * D * D + 2 * D * F) + 2 * 2 * B * T * T * D;
    // keys and values of all tokens, the rest for the first token of each text
    private static final long LAST = 2 * N * 2 * D * D + 2 * B * (2 * D * D + 2 * D * F) + 2 * 2 * B * T * D;
    // the pooler, frozen, and the classifier
    private static final long HEAD = 2 * B * D * D + 2 * B * D * 8;

    @Test
    void theHeadAloneHasOneWayBackThroughTheClassifier() {
        Cost cost = cost(Lora.headOnly());

        assertThat(cost.forward()).isEqualTo(3 * FULL + LAST + HEAD);
        assertThat(cost.backward()).isEqualTo(2 * B * D * 8);
        assertThat(cost.trained()).isEqualTo(8 * 33);
    }

    @Test
    void belowTheLowestPairNothingGoesBackAndAboveItOnlyInputs() {
        Cost cost = cost(on("0100"));
        long pair = 2 * N * R * 2 * D;

        assertThat(cost.forward()).isEqualTo((double) (3 * FULL + LAST + HEAD + 2 * pair));
        // layer 1: B twice and A once of two pairs; through attention to query and value but not to key; the three
        // modules above attention
        long pairs = 2 * (2 * N * R * D + 2 * 2 * N * R * D);
        long layer1 = pairs + 3 * 2 * B * T * T * D + 2 * N * (D * D + 2 * D * F);
        // layer 2 as forward, attention's two products for both sides
        long layer2 = FULL + 2 * 2 * B * T * T * D;
        long layer3 = LAST + 2 * 2 * B * T * D;
        assertThat(cost.backward()).isEqualTo((double) (layer1 + layer2 + layer3 + HEAD + 2 * B * D * 8));
    }

    @Test
    void theTableHasATermARow() {
        Table table = cost(on("0100")).table();

        assertThat(table.stringColumn("layer").asList())
                .containsExactly("embedding", "0", "1", "2", "3", "pooler", "head", "sum");
        assertThat(table.longColumn("backward FLOPs").getLong(1)).isZero();
        assertThat(table.longColumn("kept bytes").getLong(1)).isZero();
        assertThat(table.longColumn("forward FLOPs").getLong(1)).isEqualTo(FULL);
        assertThat(table.longColumn("trained bytes").getLong(2)).isEqualTo(20 * 2 * R * 2 * D);
        assertThat(table.longColumn("forward FLOPs").getLong(7))
                .isEqualTo((long) cost(on("0100")).forward());
    }

    @Test
    void aModuleWithoutDropoutKeepsItsInputOnceForAllItsPairs() {
        long two = (long) cost(on("0010")).allocated();
        long three = (long) cost(on("0010").targets("query", "key", "value")).allocated();
        long pair = R * 2 * D;

        // one more pair: its numbers five times, and what its A gave; fused attention keeps queries, keys and values
        // anyway
        assertThat(three - two).isEqualTo(4 * (5 * pair + N * R));
        assertThat((long) cost(on("0010").dropout(0.1)).allocated() - two).isEqualTo(4 * N * D);
    }

    @Test
    void doraReadsEveryAdaptedWeightAndTwiceWhatWasDropped() {
        double plain = cost(on("0001").dropout(0.1)).forward();
        double dora = cost(on("0001").dropout(0.1).dora()).forward();

        // the query of the first tokens and the values of all; and B A of both
        assertThat(dora - plain).isEqualTo(2 * B * D * D + 2 * N * D * D + 2 * 2 * D * R * D);
        assertThat(cost(on("0001").dora()).forward() - cost(on("0001")).forward())
                .isEqualTo(2 * 2 * D * R * D);
    }

    @Test
    void textsGoThroughInGroupsAndOnlyTheLargestCountsForMemory() {
        Cost one = Cost.of(model, on("0011"), 96, 16);
        Cost two = Cost.of(model, on("0011"), 192, 16);

        assertThat(two.flops()).isEqualTo(2 * one.flops());
        assertThat(two.bytes()).isEqualTo(one.bytes());
        assertThat(Cost.of(
                                model,
                                on("0011"),
                                Training.standard().batchSize(96).maxTokens(16).accumulation(2))
                        .flops())
                .isEqualTo(two.flops());
    }

    @Test
    void aBatchOfAnySizeIsCountedAtOnceAndNeverBelowASmallerOne() {
        Cost billions = Cost.of(
                model,
                on("0011"),
                Training.standard().batchSize(Integer.MAX_VALUE).maxTokens(16).accumulation(Integer.MAX_VALUE));

        assertThat(billions.flops())
                .isGreaterThan(Cost.of(model, on("0011"), 1 << 20, 16).flops());
        assertThat(billions.bytes())
                .isEqualTo(Cost.of(model, on("0011"), 96, 16).bytes());
        assertThat(billions.provenance().facts()).containsEntry("groups", "22369622 of at most 96 texts");
        assertThat(Cost.of(model, on("0011"), 97, 16).provenance().facts())
                .containsEntry("groups", "2 of at most 96 texts");
    }

    @Test
    void memoryIsListedAndAddsUp() {
        Cost cost = cost(on("0110").pissa());
        Table memory = cost.memory().table();

        assertThat(memory.stringColumn("what").asList())
                .containsExactly(
                        "frozen weights, mapped",
                        "trained numbers",
                        "their gradients",
                        "their two moments",
                        "their last good copy",
                        "where pairs started",
                        "one group on its way",
                        "sum");
        assertThat(memory.longColumn("bytes").sum()).isEqualTo(2 * cost.bytes());
        assertThat(cost.trained()).isEqualTo(4 * R * 2 * D + 8 * 33);
        assertThat(memory.longColumn("bytes").getLong(5)).isEqualTo(4 * 4 * R * 2 * D);
    }

    @Test
    void aFrontOfCostIsMadeOfIt() {
        Lora recipe = on("1111");
        Front front = Cka.scoreLayers(model, Tiny.task(24).train())
                .top(2, layers -> Cost.of(model, recipe.layers(layers), 8, 16).flops());

        assertThat(front.points()).isNotEmpty();
        Front.Point cheapest = front.points().get(0);
        assertThat(cheapest.cost())
                .isCloseTo(
                        Cost.of(model, recipe.layers(cheapest.layers()), 8, 16).flops(), within(1e-6));
    }

    @Test
    void itIsAResult() {
        Cost cost = cost(on("0110"));

        assertThat(cost.chart()).isNotNull();
        assertThat(cost.provenance().recipe())
                .isEqualTo("var cost = Cost.of(" + model.recipe() + ", " + on("0110") + ", "
                        + Training.standard().batchSize(6).maxTokens(16) + ").outputs(8);");
        assertThat(cost.outputs(2).trained()).isEqualTo(cost.trained() - 6 * 33);
        assertThat(List.of(cost.toString().split(", "))).hasSize(2);
    }

    @Test
    void anAnswerCostsTheLastLayerAndTheMatrixOfWordsForEachOfItsTokens() {
        try (Transformer llama = Transformer.load(Golden.path("decoders/llama/model"))) {
            Lora recipe = Lora.on(llama.layers().last(1)).rank(2).targets("o_proj");
            Cost three = Cost.of(llama, recipe, (int) B, (int) T).answers(3);
            Cost five = Cost.of(llama, recipe, (int) B, (int) T).answers(5);

            long numbers = numbers(llama.wordsShape().frozen().get(0));
            for (LinearModule module : llama.linears().subList(3, 7)) {
                numbers += numbers(module);
            }
            LinearModule output = llama.linears().get(3);
            long pair = 2L * (output.inputs() + output.outputs());
            assertThat(five.forward() - three.forward()).isEqualTo((double) (2 * B * 2 * (numbers + pair)));
            assertThat(Cost.of(llama, recipe, (int) B, (int) T).flops())
                    .isEqualTo(three.answers((int) T - 1).flops());
            assertThat(five.provenance().toString()).contains(".answers(5)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> three.answers((int) T))
                    .withMessage("tokens of an answer must be 1 to 15, all of a text but the first; got 16");
        }
    }

    private static long numbers(LinearModule module) {
        return (long) module.inputs() * module.outputs();
    }

    @Test
    void inBfloat16FrozenWeightsTakeHalfAndPairsAsMuch() {
        try (Transformer llama = Transformer.load(Golden.path("decoders/llama/model"))) {
            Lora recipe = Lora.on(llama.layers()).rank(2);
            Cost single = Cost.of(llama, recipe, (int) B, (int) T);
            Cost half = Cost.of(llama.dtype(DType.BF16), recipe, (int) B, (int) T);

            assertThat(half.bytes() - half.allocated()).isEqualTo((single.bytes() - single.allocated()) / 2);
            assertThat(half.allocated()).isLessThan(single.allocated());
            assertThat(half.trained()).isEqualTo(single.trained());
            assertThat(half.flops()).isEqualTo(single.flops());
        }
    }

    @Test
    void wrongSizesAreErrors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cost.of(model, on("0110"), 8, 65))
                .withMessage("tokens must be at most 64, where model cuts; got 65");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cost.of(model, on("0110"), 0, 16))
                .withMessage("batchSize must be at least 1; got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cost(on("0110")).outputs(0))
                .withMessage("outputs must be at least 1; got 0");
    }
}
