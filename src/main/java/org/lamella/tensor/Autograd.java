// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.Libtorch;
import java.util.Arrays;

/**
 * Computes gradients with libtorch's autograd. They add up in the leaves, see {@link Tensor#gradient}.
 *
 * <p>The graph is used up, so that each output can go back once, unless it is kept. Closing the Java tensors between leaf and output does not
 * break the graph, which holds what it needs.
 */
public final class Autograd {

    private Autograd() {}

    /** Adds the gradient of a loss, a tensor of one element, to the gradient of each leaf it depends on. */
    public static void backward(Tensor loss) {
        if (loss.elements() != 1) {
            throw new IllegalArgumentException("loss must have one element; got " + loss);
        }
        try (Scope scratch = Scope.open()) {
            backward(loss, Functions.call("ones_like").with(loss).one(scratch));
        }
    }

    /**
     * Adds the gradient of the inner product of an output with the upstream gradient to the gradient of each leaf.
     *
     * @param output what was computed with grad mode on
     * @param upstream the gradient of something with respect to the output; of its shape
     * @throws IllegalStateException if the output has no graph, or it was used up
     */
    public static void backward(Tensor output, Tensor upstream) {
        backward(output, upstream, false);
    }

    /** Does what {@link #backward(Tensor, Tensor)} does and keeps the graph, so that the output can go back once more. */
    public static void backwardKeepingGraph(Tensor output, Tensor upstream) {
        backward(output, upstream, true);
    }

    private static void backward(Tensor output, Tensor upstream, boolean keepGraph) {
        if (!Arrays.equals(output.shape(), upstream.shape())) {
            throw new IllegalArgumentException("upstream must have the shape of " + output + "; got " + upstream);
        }
        Gate.enter();
        try {
            output.on(address -> upstream.on(gradient -> {
                Libtorch.backward(address, gradient, keepGraph);
                return true;
            }));
        } catch (EngineException e) {
            throw new IllegalStateException(
                    "output must be computed with grad mode on from a leaf that requires a gradient, and go back once; got "
                            + output + "; libtorch says: " + ScriptErrors.said(e),
                    e);
        } finally {
            Gate.leave();
        }
    }
}
