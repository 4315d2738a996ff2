// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.LayerSet;
import org.lamella.base.Sample;
import org.lamella.tensor.Tensor;

/**
 * What is laid over a frozen model: low-rank pairs on some layers, and the head that was trained with them. The model
 * reads it and never changes it.
 */
public interface Overlay {

    /**
     * Returns this overlay laid out for a model: its pairs in the order of the model's linear modules.
     *
     * @throws IllegalArgumentException when it was made for a model of other shape; the message says what differs
     */
    Overlay fittedTo(Transformer model);

    /** Returns the layers that carry low-rank pairs. */
    LayerSet layers();

    /**
     * Returns the pairs of a layer: for each of the architecture's linear modules, in order, seven tensors: the down
     * projection (R, inputs), the up projection (outputs, R), the scale (a single number), the learnt lengths of the whole
     * weight's rows (outputs), the down and the up projection that the pair started from and that its weight goes without, a
     * bias in place of the frozen one (outputs). What is not there has no elements. Empty when the layer has no pair.
     */
    List<Tensor> pairs(int layer);

    /**
     * Returns what stands in place of whole frozen weights of embedding and layers, by their full name in a checkpoint with
     * a head, for instance {@code bert.embeddings.LayerNorm.bias}. Mostly empty.
     */
    default Map<String, Tensor> replaced() {
        return Map.of();
    }

    /**
     * Returns what stands in place of the matrix of words, (V, D), which a model that writes reads after its layers; mostly
     * nothing. It counts as the layer after the last, see {@link #keeping}.
     */
    default Optional<Tensor> words() {
        return Optional.empty();
    }

    /**
     * Returns the names of those of {@link #replaced()} that lie before the layers: they count as layer 0 of a count from
     * 1, see {@link #keeping}.
     */
    default List<String> beforeLayers() {
        return List.of();
    }

    /** Returns the seven tensors of a module whose pair has neither lengths nor a start nor a bias. */
    static List<Tensor> plainPair(Tensor down, Tensor up, Tensor scale, Tensor nothing) {
        return List.of(down, up, scale, nothing, nothing, nothing, nothing);
    }

    /** Returns the seven tensors of a module without a pair, each of them one without elements. */
    static List<Tensor> noPair(Tensor nothing) {
        return Collections.nCopies(7, nothing);
    }

    /**
     * Returns the layers that may differ from the frozen model's: those with pairs; all, where more than pairs on layers is
     * laid over it.
     */
    default LayerSet changed() {
        return pairsAlone() ? layers() : LayerSet.all(layers().depth());
    }

    /** Returns whether pairs on layers are all there is, but for a head: nothing is replaced, and no tower adapted. */
    default boolean pairsAlone() {
        return replaced().isEmpty() && words().isEmpty() && tower().isEmpty();
    }

    /**
     * Returns this overlay with its pairs, and what it replaces whole, on the given layers only. The head stays. What it
     * replaces before the layers counts as layer 0 of a count from 1: it stays unless no layer does. What it replaces after
     * them stays with the last.
     */
    Overlay keeping(LayerSet layers);

    /** Returns what is laid over the vision tower of the model, if anything is. */
    default Optional<? extends Overlay> tower() {
        return Optional.empty();
    }

    /** Returns the head that was trained, if one was. */
    Optional<Head> head();

    /** Returns the number of tokens at which texts were cut in training; texts are cut there again when measuring. */
    int maxTokens();

    /** Returns how many numbers were trained, head included. */
    long parameters();

    /** Returns the expression that makes this overlay again; only its name where nobody knows. */
    default String recipe() {
        return "adapter";
    }

    /** Returns the recipe as names and values in order, {@code layers} among them. */
    Map<String, String> settings();

    /** Returns how long the training took in seconds, not a number when that is unknown. */
    double seconds();

    /** Returns the samples that were looked at to pick the layers or the boundary. */
    List<Sample> pickedOn();

    /** Returns the samples this was trained on. */
    List<Sample> trainedOn();
}
