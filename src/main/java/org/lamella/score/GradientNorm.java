// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Truth;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;

/**
 * Scores layers by how strongly the loss pulls at them before anything is trained.
 *
 * <p>With the loss {@code ℓ(x)} of one example (cross-entropy in nats, for regression the squared error) and the parameters
 * {@code θ} of a layer, {@code G(layer) = (1/n) Σᵢ ‖∂ℓ(xᵢ)/∂θ‖₂}: the mean over examples of the Euclidean norm of the
 * gradient, all tensors of the layer taken as one vector. {@link #scoreLayers} takes all frozen weights of the layer,
 * {@link #scoreLayersByPairs} the low-rank pairs that a LoRA training would start with.
 *
 * <p>Each example gives one number a layer, so the intervals come from examples drawn again (1,000 times, level 95 %).
 *
 * <p>Use it to ask where the first steps of a training would go. Do not use it to tell what a trained model needs: it
 * hangs on the head, and without one for the task an untrained, seeded head answers.
 *
 * <p>Cost: one forward and one backward pass an example. {@code scoreLayers} takes as much memory again as the layers;
 * {@code scoreLayersByPairs} only what the pairs take, and its backward pass leaves out the frozen weights.
 */
public final class GradientNorm {

    private GradientNorm() {}

    /** Returns the scores by the layers' frozen weights, with the model's head or that of seed 0. */
    public static LayerScores scoreLayers(Transformer model, Split split) {
        return scoreLayers(model, split, 0);
    }

    /**
     * Returns the scores by the layers' frozen weights.
     *
     * <p>When the person stops it, the examples done so far are scored, and the provenance warns.
     *
     * @param seed which head answers when the model has none for this task, and how intervals are drawn
     * @throws IllegalArgumentException when the split is empty, an example has no label or target, or a gradient is not finite
     */
    public static LayerScores scoreLayers(Transformer model, Split split, long seed) {
        Truth.require(split, Backward.PURPOSE);
        Provenance started = ScoreNotes.begin("GradientNorm.scoreLayers", model, split, ScoreNotes.seed(seed));
        try (Scope scope = Scope.open()) {
            Leaves leaves = Leaves.ofWeights(model, scope);
            return measure(model, split, leaves, GradientNorms.ofWeights(seed), seed, started, scope);
        }
    }

    /** Returns the scores by low-rank pairs at the start of a training, drawn from seed 0. */
    public static LayerScores scoreLayersByPairs(Transformer model, Split split) {
        return scoreLayersByPairs(model, split, 0);
    }

    /**
     * Returns the scores by low-rank pairs at the start of a training: rank 8 on the model's default targets, A uniform
     * within {@code ±1/√inputs} as a run of that seed draws it, B zero.
     *
     * <p>With B zero only B has a gradient: {@code ∂ℓ/∂B = ∂ℓ/∂W · Aᵀ}. It is measured at scale 1; a recipe's α/r
     * multiplies every layer alike, and another rank changes the norms alike but for chance.
     *
     * @param seed draws A and the intervals; also which head answers when the model has none for this task
     * @throws IllegalArgumentException as {@link #scoreLayers(Transformer, Split, long)}, and when the model carries an
     *     adapter
     */
    public static LayerScores scoreLayersByPairs(Transformer model, Split split, long seed) {
        requireNoAdapter(model);
        Truth.require(split, Backward.PURPOSE);
        Provenance started = ScoreNotes.begin("GradientNorm.scoreLayersByPairs", model, split, ScoreNotes.seed(seed));
        try (Scope scope = Scope.open()) {
            Leaves leaves = Leaves.ofPairs(model, new Seed(seed).child("initial values"), scope);
            return measure(model, split, leaves, GradientNorms.ofPairs(seed), seed, started, scope);
        }
    }

    private static void requireNoAdapter(Transformer model) {
        model.overlay().ifPresent(over -> {
            throw new IllegalArgumentException(
                    "model must carry no adapter, since new pairs would take its place; got one on " + over.layers());
        });
    }

    private static LayerScores measure(
            Transformer model,
            Split split,
            Leaves leaves,
            GradientMeasure measure,
            long seed,
            Provenance started,
            Scope scope) {
        Backward backward = new Backward(model, split, leaves, seed, scope);
        backward.run(List.of(measure));
        return measure.scores(split, backward.notes(started));
    }
}
