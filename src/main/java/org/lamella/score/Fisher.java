// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.data.Truth;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;

/**
 * Scores layers by the Fisher information of their frozen weights, the baseline that the paper of {@link Cka} compares
 * with (<a href="https://arxiv.org/abs/2310.17041">Lodha et al. 2023, On Surgical Fine-tuning for Language Encoders</a>).
 *
 * <p>For each example the gradient of the gold label's logit with respect to every weight of the layers is squared; the
 * squares are averaged over the examples; a layer's score is the sum over its weight tensors of the Frobenius norm of that
 * average: {@code F(layer) = Σ_W ‖ (1/n) Σᵢ (∂z_gold(xᵢ)/∂W)² ‖}. The original's code re-used its first example in every
 * step; here each example counts once.
 *
 * <p>Use it to compare with the paper's baseline. Do not use it to tell what matters before a head is trained without
 * saying which head: without one a seeded head answers, the one that a run of that seed starts from.
 *
 * <p>Cost: one forward and one backward pass an example, and twice the memory of the layers. There are no intervals: a norm of means is no mean
 * over examples, and drawing the squares of all weights again would keep them for every example. How stable the choice is
 * can be seen by scoring disjoint samples.
 */
public final class Fisher {

    private Fisher() {}

    /** Returns the scores of a model's layers on labelled examples, with the model's head or that of seed 0. */
    public static LayerScores scoreLayers(Transformer model, Split split) {
        return scoreLayers(model, split, 0);
    }

    /**
     * Returns the scores of a model's layers on labelled examples.
     *
     * <p>When the person stops it, the examples done so far are scored, and the provenance warns.
     *
     * @param seed which head answers when the model has none for this task: the one a run of that seed starts from
     * @throws IllegalArgumentException when the split is empty or an example has no label
     */
    public static LayerScores scoreLayers(Transformer model, Split split, long seed) {
        requireLabels(split);
        Provenance provenance = ScoreNotes.begin("Fisher.scoreLayers", model, split, ScoreNotes.seed(seed));
        try (Scope scope = Scope.open()) {
            Leaves leaves = Leaves.ofWeights(model, scope);
            Backward backward = new Backward(model, split, leaves, seed, scope);
            SquaredGradients squares = new SquaredGradients(leaves, scope);
            backward.run(List.of(squares));
            return squares.scores(split, backward.notes(provenance));
        }
    }

    // of regression the value itself is derived, which needs no target
    private static void requireLabels(Split split) {
        if (split.size() == 0 || split.task().kind() != Task.Kind.REGRESSION) {
            Truth.require(split, Backward.PURPOSE);
        }
    }
}
