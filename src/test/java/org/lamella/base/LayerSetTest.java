// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LayerSetTest {

    private static final long SEED = Long.getLong("seed", 1);

    private record Looked(String name) implements Sample {
        @Override
        public boolean overlaps(Sample other) {
            return equals(other);
        }
    }

    @Test
    void printsItsMaskAndItsLayers() {
        assertThat(LayerSet.parse("010011")).hasToString("010011, layers [1, 4, 5] of 6");
        assertThat(LayerSet.parse("010011").complement().indices()).containsExactly(0, 2, 3);
        assertThat(LayerSet.of(6, 5, 1, 4)).isEqualTo(LayerSet.parse("010011"));
    }

    @Test
    void masksSurviveParsingAndPrinting() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 200; i++) {
            int depth = random.nextInt(1, 80);
            long bits = random.nextLong();
            LayerSet set = LayerSet.where(depth, layer -> (bits >> (layer % 64) & 1) == 1);

            assertThat(LayerSet.parse(set.mask())).as("seed %d", SEED).isEqualTo(set);
            assertThat(set.complement().complement()).isEqualTo(set);
            assertThat(set.union(set.complement())).isEqualTo(LayerSet.all(depth));
            assertThat(set.intersection(set.complement()).isEmpty()).isTrue();
            assertThat(set.below(depth)).isEqualTo(set);
        }
    }

    @Test
    void choosesTheControlsOfThePaper() {
        LayerSet all = LayerSet.all(12);

        assertThat(all.first(6).indices()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(all.last(6).indices()).containsExactly(6, 7, 8, 9, 10, 11);
        assertThat(all.middle(6).indices()).containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(all.extremes(6).indices()).containsExactly(0, 1, 2, 9, 10, 11);
        assertThat(all.extremes(3).indices()).containsExactly(0, 1, 11);
        assertThat(all.alternate(6).indices()).containsExactly(0, 2, 4, 6, 8, 10);
        assertThat(all.only(1, 4).indices()).containsExactly(1, 4);
    }

    @Test
    void aRandomChoiceIsTheSameForTheSameSeed() {
        LayerSet all = LayerSet.all(12);

        assertThat(all.random(6, 7))
                .isEqualTo(all.random(6, 7))
                .hasToString(all.random(6, 7).toString());
        assertThat(all.random(6, 7).size()).isEqualTo(6);
        assertThat(all.random(6, 7)).isNotEqualTo(all.random(6, 8));
    }

    @Test
    void remembersTheSampleItWasPickedOnThroughEveryChange() {
        Sample looked = new Looked("train.head(8)");
        LayerSet picked = LayerSet.parse("0111").pickedOn(looked);

        assertThat(picked.complement().pickedOn()).containsExactly(looked);
        assertThat(picked.only(1, 2).pickedOn()).containsExactly(looked);
        assertThat(picked.below(2).pickedOn()).containsExactly(looked);
        assertThat(picked.first(1).union(picked).pickedOn()).containsExactly(looked);
        assertThat(picked).isEqualTo(LayerSet.parse("0111"));
    }

    @Test
    void errorsNameTheValueAndTheRule() {
        assertThatThrownBy(() -> LayerSet.parse("01x1"))
                .hasMessage("mask must be zeros and ones, layer 0 first; got \"01x1\"");
        assertThatThrownBy(() -> LayerSet.of(6, 6)).hasMessage("layer must be 0 to 5; got 6");
        assertThatThrownBy(() -> LayerSet.all(6).first(7)).hasMessage("number of layers must be 0 to 6; got 7");
        assertThatThrownBy(() -> LayerSet.all(6).below(7)).hasMessage("boundary must be 0 to 6; got 7");
        assertThatThrownBy(() -> LayerSet.parse("0110").only(0)).hasMessage("layer must be one of [1, 2]; got 0");
        assertThatThrownBy(() -> LayerSet.all(0)).hasMessage("depth must be at least 1; got 0");
        assertThatThrownBy(() -> LayerSet.all(6).union(LayerSet.all(4)))
                .hasMessage("layers must belong to a model of depth 6; got 1111, layers [0, 1, 2, 3] of 4");
    }
}
