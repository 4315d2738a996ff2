// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.Torch;

class GradientNormTest {

    private static final Transformer MODEL = Transformer.load("src/test/resources/golden/bert/model");
    private static final Split SPLIT = TestTexts.three();

    // torch 2.7.1, transformers 4.57.6: for each text in turn loss.backward(), the norm of all .grad of a layer in
    // float64, mean over the three
    @Test
    void scoresAreThoseOfTorch() {
        LayerScores scores = GradientNorm.scoreLayers(MODEL, SPLIT);

        assertThat(scores.values())
                .containsExactly(
                        new double[] {9.58032295506616, 10.356942698634361, 9.685207178929277, 6.670502556611741},
                        within(1e-4));
        assertThat(scores.provenance().facts())
                .containsEntry("head", "the model's")
                .containsEntry("measure", "mean norm of the loss's gradient in all weights of the layer");
    }

    @Test
    void gradientsOfPairsAreThoseOfTheWeightsTimesTheDownProjection() {
        try (Scope scope = Scope.open()) {
            Leaves leaves = Leaves.ofBoth(MODEL, new Seed(0).child("initial values"), scope);
            Seen seen = new Seen();
            new Backward(MODEL, SPLIT.head(1), leaves, 0, scope).run(List.of(seen));

            for (int layer = 0; layer < MODEL.depth(); layer++) {
                float[] down =
                        leaves.overlay().orElseThrow().pairs(layer).get(0).floats(); // (R, inputs) of query
                float[] weight = seen.weights.get(layer); // (outputs, inputs) of query
                float[] up = seen.ups.get(layer); // (outputs, R) of query
                int inputs = MODEL.width();
                for (int o = 0; o < inputs; o++) {
                    for (int r = 0; r < Leaves.RANK; r++) {
                        double sum = 0;
                        for (int i = 0; i < inputs; i++) {
                            sum += (double) weight[o * inputs + i] * down[r * inputs + i];
                        }
                        assertThat((double) up[o * Leaves.RANK + r]).isCloseTo(sum, within(1e-5));
                    }
                }
            }
        }
    }

    @Test
    void pairsAloneScoreAsPairsBesideWeights() {
        double[] alone = GradientNorm.scoreLayersByPairs(MODEL, SPLIT).values();
        try (Scope scope = Scope.open()) {
            Leaves both = Leaves.ofBoth(MODEL, new Seed(0).child("initial values"), scope);
            GradientNorms pairs = GradientNorms.ofPairs(0);
            SquaredGradients squares = new SquaredGradients(both, scope);
            new Backward(MODEL, SPLIT, both, 0, scope).run(List.of(squares, pairs));

            assertThat(pairs.scores(SPLIT, Provenance.of("")).values()).containsExactly(alone, within(1e-6));
            assertThat(squares.scores(SPLIT, Provenance.of("")).values())
                    .containsExactly(Fisher.scoreLayers(MODEL, SPLIT).values(), within(1e-6));
        }
    }

    @Test
    void intervalsAndMembershipComeFromExamplesDrawnAgain() {
        LayerScores scores = GradientNorm.scoreLayers(MODEL, TestTexts.labelled(16));

        for (LayerScore score : scores.layers()) {
            assertThat(score).isInstanceOfSatisfying(LayerScore.Defined.class, defined -> {
                assertThat(defined.low()).isLessThan(defined.value());
                assertThat(defined.high()).isGreaterThan(defined.value());
            });
        }
        assertThat(scores.membership(0.5).frequencies().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(2, within(1e-9));
    }

    @Test
    void sameSeedSameScoresAndNothingLeftBehind() {
        double[] first = GradientNorm.scoreLayersByPairs(MODEL, SPLIT).values();
        double[] other = GradientNorm.scoreLayersByPairs(MODEL, SPLIT, 1).values();
        long live = Torch.liveTensors();

        assertThat(GradientNorm.scoreLayersByPairs(MODEL, SPLIT).values()).containsExactly(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(live); // a cleaner may free what earlier tests left
    }

    @Test
    void aRegressionIsScoredByItsSquaredError() {
        LayerScores scores = GradientNorm.scoreLayers(MODEL, TestTexts.scored(4));

        assertThat(scores.importances()).doesNotContain(0, Double.NaN);
        assertThat(scores.provenance().facts()).containsEntry("head", "untrained, seed 0");
    }

    @Test
    void refusesWhatItCannotMeasure() {
        assertThatThrownBy(() -> GradientNorm.scoreLayers(MODEL, SPLIT.head(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("split must hold at least one example to give gradients; got train.head(0) with 0");
        assertThatThrownBy(() -> GradientNorm.scoreLayers(MODEL, TestTexts.unlabelled(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every example must have its label to give gradients; got 5 of 5 in tes"
                        + "t without, the first at 0");
        assertThatThrownBy(
                        () -> GradientNorm.scoreLayersByPairs(MODEL.with(new StartingPairs(MODEL, List.of())), SPLIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model must carry no adapter, since new pairs would take its place;"
                        + " got one on 1111, layers [0, 1, 2, 3] of 4");
    }

    /** Keeps the gradients of the query modules of each layer. */
    private static final class Seen implements GradientMeasure {

        private final List<float[]> weights = new ArrayList<>();
        private final List<float[]> ups = new ArrayList<>();

        @Override
        public Question question() {
            return Question.LOSS;
        }

        @Override
        public void take(Leaves leaves, Scope step) {
            for (int layer = 0; layer < leaves.weights().size(); layer++) {
                Tensor weight = leaves.weights().get(layer).get(0);
                weights.add(weight.gradient(step).floats());
                ups.add(leaves.pairs().get(layer).get(0).gradient(step).floats());
            }
        }

        @Override
        public LayerScores scores(Split split, Provenance provenance) {
            throw new AssertionError("what only looks at gradients is not asked for scores");
        }
    }
}
