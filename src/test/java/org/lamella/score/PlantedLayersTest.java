// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.Position;
import org.lamella.model.Transformer;

/** Layers that were made to change much are found, exactly these, whichever they are. */
class PlantedLayersTest {

    private static final Split SPLIT = TestTexts.labelled(64);
    private static final Protocol MEAN = Protocol.corrected().position(Position.MEAN);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void exactlyThePlantedLayersAreFound(long seed) {
        LayerSet planted = LayerSet.all(8).random(3, seed);
        try (Transformer model = PlantedModel.of(planted, seed, folder)) {
            for (Estimator estimator : Estimator.values()) {
                LayerScores scores = Cka.scoreLayers(model, SPLIT, MEAN.estimator(estimator));

                assertThat(scores.top(3)).as("%s", scores.table()).isEqualTo(planted);
                assertThat(least(scores, planted)).isGreaterThan(3 * most(scores, planted.complement()));
                for (int layer = 0; layer < 8; layer++) {
                    // eight layers have a half of four: one quiet layer is in it, which one is chance
                    assertThat(scores.membership(3.0 / 8).of(layer)).isEqualTo(planted.contains(layer) ? 1 : 0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void halvesOfTheExamplesAgreeOnThePlantedHalf(long seed) {
        LayerSet planted = LayerSet.all(8).random(4, seed);
        try (Transformer model = PlantedModel.of(planted, seed, folder)) {
            SplitHalves halves = Selection.splitHalves(model, SPLIT, MEAN, 5, seed);

            assertThat(halves.whole().topShare(0.5)).isEqualTo(planted);
            assertThat(halves.jaccard().low()).isEqualTo(1);
            assertThat(Selection.compare(model, SPLIT).chosen("cka debiased mean"))
                    .isEqualTo(planted);
        }
    }

    private static double least(LayerScores scores, LayerSet among) {
        return importances(scores, among).min().orElseThrow();
    }

    private static double most(LayerScores scores, LayerSet among) {
        return importances(scores, among).max().orElseThrow();
    }

    private static DoubleStream importances(LayerScores scores, LayerSet among) {
        double[] all = scores.importances();
        return among.indices().stream().mapToDouble(layer -> all[layer]);
    }
}
