// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Takes the states of one batch after another, as {@link Transformer#read} streams them. */
@FunctionalInterface
public interface StateReader {

    /**
     * Takes the states of one batch.
     *
     * @param examples the indices of the batch's B examples in their split
     * @param states depth + 1 tensors (B, D) in single precision: the embedding output, then the state after each layer
     * @param scope owns the states and is closed after this call; what must stay has to be taken into another scope
     */
    void read(int[] examples, List<Tensor> states, Scope scope);
}
