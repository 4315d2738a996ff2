// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;

class AlikeTest {

    private static final double NONE = Double.NaN;

    @Test
    void jaccardIsSharedOverAll() {
        assertThat(Alike.jaccard(LayerSet.parse("0111"), LayerSet.parse("1110")))
                .isEqualTo(0.5);
        assertThat(Alike.jaccard(LayerSet.parse("0011"), LayerSet.parse("1100")))
                .isZero();
        assertThat(Alike.jaccard(LayerSet.none(4), LayerSet.none(4))).isEqualTo(1);
    }

    // scipy.stats.kendalltau([1, 2, 2, 4], [2, 1, 3, 4]) = 0.5477225575051662
    @Test
    void kendallLooksAtWhatBothDefineAndMindsTies() {
        assertThat(Alike.kendall(new double[] {NONE, 1, 2, 3}, new double[] {9, 3, 2, 1}))
                .isEqualTo(-1);
        assertThat(Alike.kendall(new double[] {1, 2, 2, 4}, new double[] {2, 1, 3, 4}))
                .isCloseTo(0.5477225575051662, within(1e-12));
        assertThat(Alike.kendall(new double[] {NONE, 1}, new double[] {1, 2})).isNaN();
        assertThat(Alike.kendall(new double[] {1, 1, 1}, new double[] {1, 2, 3}))
                .isNaN();
    }

    @Test
    void chanceIsTheMeanOverAllPairsOfSets() {
        LayerScores first = TestScores.of(NONE, 0.5, 0.1, 0.4, 0.3, 0.2);
        LayerScores second = TestScores.of(0.1, 0.5, 0.1, NONE, NONE, 0.2);

        assertThat(Alike.jaccardByChance(first, second)).isCloseTo(overAllPairs(first, second), within(1e-12));
        assertThat(Alike.jaccardByChance(first, first)).isCloseTo(overAllPairs(first, first), within(1e-12));
    }

    private static double overAllPairs(LayerScores first, LayerScores second) {
        double sum = 0;
        int pairs = 0;
        for (int a = 0; a < 64; a++) {
            for (int b = 0; b < 64; b++) {
                LayerSet one = set(a);
                LayerSet other = set(b);
                if (possible(one, first) && possible(other, second)) {
                    sum += Alike.jaccard(one, other);
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }

    private static LayerSet set(int bits) {
        return LayerSet.where(6, layer -> (bits >> layer & 1) == 1);
    }

    private static boolean possible(LayerSet set, LayerScores scores) {
        return set.size() == scores.chosenHalf().size()
                && set.indices().stream().noneMatch(layer -> Double.isNaN(scores.importances()[layer]));
    }
}
