// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;

class FrontTest {

    private static final double NONE = Double.NaN;

    @Test
    void holdsTheSetsThatNoOtherBeats() {
        Front front = TestScores.of(NONE, 0.5, 0.1, 0.4, 0.3, 0.2).top(2, FrontTest::down);

        assertThat(front.table().columnNames())
                .containsExactly("layers", "importance", "cost", "on the front", "chosen");
        assertThat(masks(front)).containsExactly("000011", "000110", "010100");
        assertThat(front.points().stream().map(point -> point.layers().mask()))
                .containsExactly("000011", "000110", "001100", "010100");
        assertThat(front.points().get(2).onFront()).isFalse();
        assertThat(front.points().get(3).importance()).isCloseTo(0.9, within(1e-12));
        assertThat(front.points().get(3).cost()).isEqualTo(5);
        assertThat(front.provenance().facts()).containsEntry("front", "every set was tried");
        assertThat(front.provenance().recipe()).endsWith("var front = scores.top(2, cost);");
        assertThat(front.layers().pickedOn()).hasSize(1);
        assertThat(front.chart().asJavascript("target")).contains("on the front", "most important above a layer");
    }

    @Test
    void choosesTheCheapestSetThatKeepsEnoughOrTheBestWithinABudget() {
        Front front = TestScores.of(NONE, 0.5, 0.1, 0.4, 0.3, 0.2).top(2, FrontTest::down);

        assertThat(front.layers()).isEqualTo(LayerSet.parse("010100"));
        assertThat(front.keeping(0.75).layers()).isEqualTo(LayerSet.parse("000110"));
        assertThat(front.keeping(0.1).layers()).isEqualTo(LayerSet.parse("000011"));
        assertThat(front.within(4.5).layers()).isEqualTo(LayerSet.parse("000110"));
        assertThat(front.within(4.5).chosen().cost()).isEqualTo(3);
        assertThat(front).hasToString("010100, layers [1, 3] of 6 at cost 5.0 with importance 0.9");
    }

    @Test
    void equalCostsLeaveTheMostImportantSet() {
        LayerScores scores = TestScores.of(0.1, 0.4, 0.3, 0.2);

        assertThat(masks(scores.top(2, LayerSet::size))).containsExactly("0110");
        assertThat(scores.top(2, LayerSet::size).layers()).isEqualTo(scores.top(2));
    }

    @Test
    void grownFrontsAreThoseOfEverySetForAdditiveAndLowestLayerCosts() {
        for (long seed = 0; seed < 8; seed++) {
            SplittableRandom random = new Seed(seed).random();
            double[] importances = random.doubles(20).toArray();
            double[] price = seed % 2 == 0 ? random.doubles(20).toArray() : ones(20);
            double[] below = random.doubles(20).map(x -> 5 * x).toArray();
            ToDoubleFunction<LayerSet> cost = set ->
                    set.indices().stream().mapToDouble(layer -> price[layer]).sum()
                            + below[set.indices().get(0)];
            List<Integer> all = IntStream.range(0, 20).boxed().toList();
            FrontSearch grown = FrontSearch.of(all, importances, 8, cost); // 125,970 sets

            assertThat(grown.everySet()).isFalse();
            assertThat(grown.exact()).isTrue();
            List<FrontSearch.Found> front = grown.front();
            forEverySet(20, 8, set -> {
                double importance = set.indices().stream()
                        .mapToDouble(layer -> importances[layer])
                        .sum();
                double price1 = cost.applyAsDouble(set);
                assertThat(front.stream()
                                .anyMatch(found ->
                                        found.importance() >= importance - 1e-9 && found.cost() <= price1 + 1e-9))
                        .isTrue();
            });
        }
    }

    @Test
    void thirtyTwoLayersTakeNoTime() {
        double[] importances = new double[32];
        Arrays.setAll(importances, layer -> (layer * 7 % 32) / 32.0 + 0.01);

        Front front = TestScores.of(importances).top(16, FrontTest::down);

        assertThat(front.keeping(1).layers())
                .isEqualTo(TestScores.of(importances).top(16));
        assertThat(front.points().get(0).layers()).isEqualTo(LayerSet.all(32).last(16));
        assertThat(front.provenance().facts().get("front")).startsWith("grown from each lowest layer");
    }

    @Test
    void refusesWhatCannotBe() {
        LayerScores scores = TestScores.of(NONE, 0.2, 0.1, 0.15, 0.3, 0.5);

        assertThatThrownBy(() -> scores.top(6, FrontTest::down))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("number of layers must be 1 to 5 (layer 0 is no candidate); got 6");
        assertThatThrownBy(() -> scores.top(1, set -> Double.NaN))
                .hasMessage("cost must be a number for every set of layers; got NaN for 010000, layers [1] of 6");
        assertThatThrownBy(() -> scores.top(2, FrontTest::down).within(1))
                .hasMessage("budget must be at least 2.0, the cost of the cheapest set on the front; got 1.0");
        assertThatThrownBy(() -> scores.top(2, FrontTest::down).keeping(0))
                .hasMessage("share must be more than 0 and at most 1; got 0.0");
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static List<String> masks(Front front) {
        return front.points().stream()
                .filter(Front.Point::onFront)
                .map(point -> point.layers().mask())
                .toList();
    }

    private static void forEverySet(int depth, int n, java.util.function.Consumer<LayerSet> check) {
        for (int bits = 0; bits < 1 << depth; bits += 7) { // every seventh is enough
            if (Integer.bitCount(bits) == n) {
                int mask = bits;
                check.accept(LayerSet.where(depth, layer -> (mask >> layer & 1) == 1));
            }
        }
    }

    // training computes gradients from the top down to the lowest chosen layer
    private static double down(LayerSet set) {
        return set.depth() - set.indices().get(0);
    }
}
