// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.Position;
import org.lamella.model.Transformer;
import org.lamella.tensor.Torch;

class SelectionTest {

    private static final Transformer MODEL = Transformer.load("src/test/resources/golden/bert/model");
    private static final Split SPLIT = TestTexts.labelled(40);
    private static final Protocol MEAN = Protocol.corrected().position(Position.MEAN);

    @Test
    void criteriaSideBySideAreThoseMeasuredOneByOne() {
        Criteria criteria = Selection.compare(MODEL, SPLIT);

        assertThat(criteria.names())
                .containsExactly(
                        "cka debiased cls",
                        "cka debiased mean",
                        "cka debiased last",
                        "cka biased cls",
                        "cka biased mean",
                        "cka biased last",
                        "fisher",
                        "gradient norm",
                        "pair gradient norm",
                        "random");
        assertThat(criteria.leftOut()).isEmpty();
        for (Estimator estimator : Estimator.values()) {
            for (Position position : Position.values()) {
                Protocol protocol = Protocol.corrected().estimator(estimator).position(position);
                LayerScores alone = Cka.scoreLayers(MODEL, SPLIT, protocol);
                LayerScores beside =
                        criteria.scores("cka " + (estimator + " " + position).toLowerCase(java.util.Locale.ROOT));
                assertThat(beside.importances()).containsExactly(alone.importances(), within(1e-5));
                assertThat(beside.provenance().recipe())
                        .isEqualTo(alone.provenance().recipe());
            }
        }
        assertThat(criteria.scores("fisher").values())
                .containsExactly(Fisher.scoreLayers(MODEL, SPLIT).values(), within(1e-6));
        assertThat(criteria.scores("gradient norm").values())
                .containsExactly(GradientNorm.scoreLayers(MODEL, SPLIT).values(), within(1e-6));
        assertThat(criteria.scores("pair gradient norm").values())
                .containsExactly(GradientNorm.scoreLayersByPairs(MODEL, SPLIT).values(), within(1e-6));
        assertThat(criteria.chosen("random").size()).isEqualTo(2);
        assertThat(criteria.chosen("random").pickedOn()).containsExactly(SPLIT);
    }

    @Test
    void oneTableAndOnePictureOnOneFooting() {
        Criteria criteria = Selection.compare(MODEL, SPLIT);
        var table = criteria.table();

        assertThat(table.columnNames()).startsWith("layer", "cka debiased cls").endsWith("random", "chosen by", "note");
        assertThat(table.rowCount()).isEqualTo(4);
        assertThat(table.stringColumn("note").get(0))
                .isEqualTo("undefined: the input is constant (cka debiased cls, cka biased cls)");
        assertThat(table.intColumn("chosen by").sum()).isEqualTo(2 * 9);
        assertThat(criteria.ranks().table().doubleColumn("fisher").asList())
                .containsExactlyInAnyOrder(1.0, 2.0, 3.0, 4.0);
        assertThat(criteria.ranks().table().doubleColumn("cka debiased cls").isMissing(0))
                .isTrue();
        assertThat(criteria.chart().asJavascript("target")).contains("heatmap", "pair gradient norm");
        assertThat(criteria.agreement().table().rowCount()).isEqualTo(45);
        assertThat(criteria.agreement().chart().asJavascript("target")).contains("heatmap");
        assertThat(criteria).hasToString("10 criteria on 4 layers");
        assertThat(criteria.provenance().recipe())
                .endsWith("var criteria = Selection.compare(model, " + SPLIT.recipe() + ");");
    }

    @Test
    void criteriaThatNeedLabelsAreLeftOutWithoutThem() {
        Criteria criteria = Selection.compare(MODEL, TestTexts.unlabelled(8), 3);

        assertThat(criteria.names()).hasSize(7).doesNotContain("fisher");
        assertThat(criteria.leftOut())
                .containsOnlyKeys("fisher", "gradient norm", "pair gradient norm")
                .containsEntry(
                        "fisher",
                        "every example must have its label to give gradients; got 8 o"
                                + "f 8 in test without, the first at 0");
        assertThat(criteria.table().name())
                .isEqualTo("importance of each layer by each criterion;"
                        + " left out: fisher, gradient norm, pair gradient norm");
        assertThat(criteria.provenance().warnings())
                .contains("fisher is left out: every example must have its label to give gradients;"
                        + " got 8 of 8 in test without, the first at 0");
        assertThatThrownBy(() -> criteria.scores("fischer"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must be one of " + criteria.names() + "; got \"fischer\"");
        assertThatThrownBy(() -> criteria.scores("randum"))
                .hasMessage("name must be one of " + criteria.names() + "; got \"randum\"; did you mean \"random\"?");
    }

    @Test
    void anAdaptedModelIsComparedWithoutNewPairs() {
        Transformer adapted = MODEL.with(new StartingPairs(MODEL, List.of(List.of(), List.of(), List.of(), List.of())));

        Criteria criteria = Selection.compare(adapted, SPLIT);

        assertThat(criteria.leftOut())
                .containsExactly(java.util.Map.entry(
                        "pair gradient norm", "the model carries an adapter, whose place new pairs would take"));
        assertThat(criteria.names()).contains("fisher", "gradient norm");
    }

    @Test
    void sizesAreScoredAsTheirSamplesAre() {
        SizeCurve curve = Selection.bySize(MODEL, SPLIT, MEAN, 40, 8, 20);

        assertThat(curve.sizes()).containsExactly(8, 20, 40);
        for (int i = 0; i < 3; i++) {
            LayerScores alone =
                    Cka.scoreLayers(MODEL, SPLIT.sample(curve.sizes().get(i), 0), MEAN);
            assertThat(curve.scores().get(i).values()).containsExactly(alone.values(), within(1e-5));
            assertThat(curve.scores().get(i).provenance().recipe())
                    .isEqualTo(alone.provenance().recipe());
        }
        var table = curve.table();
        assertThat(table.columnNames()).containsExactly("examples", "chosen", "jaccard", "kendall", "interval width");
        assertThat(table.doubleColumn("jaccard").get(2)).isEqualTo(1);
        assertThat(table.doubleColumn("kendall").get(2)).isEqualTo(1);
        assertThat(table.doubleColumn("interval width").get(0))
                .isGreaterThan(table.doubleColumn("interval width").get(2));
        assertThat(curve.layers().table().rowCount()).isEqualTo(12);
        assertThat(curve.layers().table().columnNames()).startsWith("examples", "layer", "cka", "low", "high");
        assertThat(curve.chart().asJavascript("target")).contains("Kendall");
        assertThat(curve.provenance().recipe())
                .endsWith("var curve = Selection.bySize(model, " + SPLIT.recipe()
                        + ", Protocol.corrected().position(Position.MEAN), 40, 8, 20);");
        assertThat(Selection.bySize(MODEL, SPLIT).sizes()).containsExactly(20, 40);
    }

    @Test
    void halvesOfTheExamplesAreComparedAgainAndAgain() {
        SplitHalves halves = Selection.splitHalves(MODEL, SPLIT, MEAN, 6, 1);

        assertThat(halves.repeats()).hasSize(6);
        assertThat(halves.whole().values())
                .containsExactly(Cka.scoreLayers(MODEL, SPLIT, MEAN).values(), within(1e-5));
        assertThat(halves.jaccard().value())
                .isBetween(halves.jaccard().low(), halves.jaccard().high());
        assertThat(halves.kendall().value()).isBetween(-1.0, 1.0);
        assertThat(halves.frequencies().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(2, within(1e-9));
        assertThat(halves.table().columnNames()).containsExactly("measure", "mean", "low", "high", "by chance");
        assertThat(halves.table().doubleColumn("by chance").get(0)).isCloseTo(7 / 18.0, within(1e-12));
        assertThat(halves.each().table().rowCount()).isEqualTo(6);
        assertThat(halves.chart().asJavascript("target")).contains("share of halves");
        assertThat(halves.provenance().recipe())
                .endsWith("var halves = Selection.splitHalves(model, " + SPLIT.recipe()
                        + ", Protocol.corrected().position(Position.MEAN), 6, 1);");
        assertThat(Selection.splitHalves(MODEL, SPLIT, MEAN, 6, 1).repeats()).isEqualTo(halves.repeats());
    }

    @Test
    void halvesAreThoseOfTheExamplesDrawn() {
        SplitHalves halves = Selection.splitHalves(MODEL, SPLIT, MEAN, 1, 0);
        int[] order = new org.lamella.base.Seed(0).child("halves", 0).permutation(40);

        LayerSet first = Cka.scoreLayers(MODEL, SPLIT.only(java.util.Arrays.copyOf(order, 20)), MEAN)
                .topShare(0.5);

        assertThat(halves.repeats().get(0).first()).isEqualTo(first);
    }

    @Test
    void leavesNothingBehind() {
        Selection.compare(MODEL, SPLIT);
        Selection.bySize(MODEL, SPLIT);
        long live = Torch.liveTensors();

        Selection.compare(MODEL, SPLIT);
        Selection.bySize(MODEL, SPLIT);
        Selection.splitHalves(MODEL, SPLIT, 2, 0);

        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(live); // a cleaner may free what earlier tests left
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        assertThatThrownBy(() -> Selection.compare(MODEL, SPLIT.head(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("train.head(3) must have at least 4 examples for this estimator"
                        + " (debiased: HSIC_1 of Song et al. 2012); got 3");
        assertThatThrownBy(() -> Selection.bySize(MODEL, SPLIT, 2, 40))
                .hasMessage("sizes must be 4 to 40, the number of examples of train; got 2");
        assertThatThrownBy(() -> Selection.bySize(MODEL, SPLIT, 41))
                .hasMessage("sizes must be 4 to 40, the number of examples of train; got 41");
        assertThatThrownBy(() -> Selection.splitHalves(MODEL, SPLIT.head(7), 3, 0))
                .hasMessage("split must have at least 8 examples, two halves of 4; got 7 in train.head(7)");
        assertThatThrownBy(() -> Selection.splitHalves(MODEL, SPLIT, 0, 0))
                .hasMessage("repeats must be at least 1; got 0");
    }
}
