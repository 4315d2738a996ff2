// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.Locale;
import java.util.Set;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.model.Overlay;
import org.lamella.model.Transformer;

/**
 * Finds up to which layer an adapter is needed at inference: adapters on layers with an index below the boundary stay,
 * those above are switched off, and nothing is trained again (Chen et al. 2025,
 * <a href="https://arxiv.org/abs/2503.23360">arXiv 2503.23360</a>; its search algorithm is not public in full, so the
 * rules here are ours and are stated where they are applied).
 *
 * <p>Use it when an adapter is trained and examples are at hand that were neither trained on nor will be reported on.
 * Do not use it to save training, which it needs in full, nor to speed up a merged model, which it cannot.
 */
public final class Boundary {

    private Boundary() {}

    /**
     * Returns the loss and every metric for each boundary from 0, the bare encoder under the trained head, to the depth,
     * the whole adapter.
     *
     * <p>The states of the whole adapter are the common beginning of every boundary, so of L adapted layers
     * {@code L + L (L + 1) / 2} layer passes are run instead of {@code L (L + 1)}; boundaries that keep the same adapted
     * layers are computed once. Memory: two states of a batch. Asked to stop, it returns what it has of the examples done
     * so far, the shortest texts first, and says so in its provenance.
     *
     * @param model the model without the adapter
     * @param adapter the trained adapter
     * @param split the examples to look at, each with its label or target; report on others
     */
    public static Sweep sweep(Transformer model, Overlay adapter, Split split) {
        Evaluation.requireMeasurable(split);
        Transformer adapted = model.with(adapter);
        requirePairs(adapted);
        return Sweep.of(adapted, split, new Cuts(adapted, split).run());
    }

    /**
     * Returns the probability of the true label when the trained head reads the state after each layer, once of the
     * adapted model and once of the bare one. The last point of the adapted curve is the model's own answer.
     *
     * <p>This observes; it is {@link #sweep} that intervenes. The head was trained on the last layer's states, so a low
     * probability below may mean that it cannot read them, not that they do not know.
     *
     * @param model the model without the adapter
     * @param adapter the trained adapter
     * @param split the examples to look at, each with its label
     */
    public static Trace trace(Transformer model, Overlay adapter, Split split) {
        if (split.task().kind() != Task.Kind.CLASSIFICATION) {
            throw new IllegalArgumentException("split must be of a task with labels; got "
                    + split.task().name() + ", a "
                    + split.task().kind().name().toLowerCase(Locale.ROOT));
        }
        Evaluation.requireMeasurable(split);
        Transformer adapted = model.with(adapter);
        return Trace.of(adapted, split, new Readings(adapted, split).run());
    }

    // what a cut leaves of weights that are no layer's is not settled
    private static void requirePairs(Transformer adapted) {
        Set<String> whole = adapted.overlay().orElseThrow().replaced().keySet();
        if (!whole.isEmpty()) {
            throw new IllegalArgumentException(
                    "adapter must have pairs and a head alone to be cut at every boundary; got " + whole.size()
                            + " weights that it replaces whole, "
                            + whole.iterator().next() + " first");
        }
    }
}
