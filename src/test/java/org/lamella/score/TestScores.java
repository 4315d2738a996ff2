// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.Provenance;

/** Layer scores with numbers made by hand. */
public final class TestScores {

    private TestScores() {}

    /** Returns scores of those importances, not a number for a layer that is undefined. */
    public static LayerScores of(double... importances) {
        return of(Candidates.DEFINED_LAYERS, new double[0][], importances);
    }

    /** Returns such scores with given candidates and replicates. */
    public static LayerScores of(Candidates candidates, double[][] replicates, double... importances) {
        List<LayerScore> layers = IntStream.range(0, importances.length)
                .mapToObj(layer -> score(layer, importances[layer]))
                .toList();
        return new LayerScores(
                "cka",
                layers,
                candidates,
                replicates,
                Optional.empty(),
                GoldenStates.named("rows"),
                Provenance.of("test"));
    }

    private static LayerScore score(int layer, double importance) {
        return Double.isNaN(importance)
                ? new LayerScore.Undefined(layer, "the input is constant")
                : new LayerScore.Defined(layer, 1 - importance, 0.9 - importance, 1 - importance, importance, "");
    }
}
