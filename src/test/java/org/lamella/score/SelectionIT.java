// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;

/** The choice of layers on the real all-MiniLM-L6-v2 and Reuters R8. */
class SelectionIT {

    private final Transformer model = Transformer.load("minilm").maxTokens(64);
    private final Split split = Task.load("reuters-r8").train().sample(256, 0);

    @Test
    void twoHalvesOfTheTextsChooseAlikeAndSmallerSamplesSettle() {
        SplitHalves halves = Selection.splitHalves(model, split, 10, 0);
        SizeCurve curve = Selection.bySize(model, split, 16, 64, 256);

        assertThat(halves.whole().topShare(0.5)).isEqualTo(LayerSet.parse("010011"));
        assertThat(halves.jaccard().value()).isGreaterThan(0.8);
        assertThat(halves.kendall().value()).isGreaterThan(0.8);
        assertThat(curve.scores().get(2).topShare(0.5))
                .isEqualTo(Cka.scoreLayers(model, split).topShare(0.5));
        assertThat(curve.table().doubleColumn("interval width").asList())
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void criteriaThatFollowTheMeanAndTheGradientsAgreeOnTheUpperHalf() {
        Criteria criteria = Selection.compare(model, split.head(64));

        assertThat(criteria.chosen("cka debiased cls")).isEqualTo(LayerSet.parse("010011"));
        for (String name : new String[] {"cka debiased mean", "fisher", "gradient norm", "pair gradient norm"}) {
            assertThat(criteria.chosen(name)).as(name).isEqualTo(LayerSet.parse("000111"));
        }
        assertThat(criteria.provenance().warnings()).isEmpty();
    }
}
