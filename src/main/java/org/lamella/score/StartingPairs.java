// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.LayerSet;
import org.lamella.base.Sample;
import org.lamella.model.Head;
import org.lamella.model.Overlay;
import org.lamella.model.Transformer;
import org.lamella.tensor.Tensor;

/** Low-rank pairs on every layer that were never trained, laid over a model to measure their gradients. */
record StartingPairs(Transformer model, List<List<Tensor>> all) implements Overlay {

    @Override
    public Overlay fittedTo(Transformer other) {
        return this;
    }

    @Override
    public LayerSet layers() {
        return model.layers();
    }

    @Override
    public List<Tensor> pairs(int layer) {
        return all.get(layer);
    }

    /** Throws: gradients are measured of all. */
    @Override
    public Overlay keeping(LayerSet some) {
        throw new UnsupportedOperationException("pairs that were never trained are measured on every layer");
    }

    @Override
    public Optional<Head> head() {
        return Optional.empty();
    }

    @Override
    public int maxTokens() {
        return model.maxTokens();
    }

    @Override
    public long parameters() {
        return 0;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public double seconds() {
        return Double.NaN;
    }

    @Override
    public List<Sample> pickedOn() {
        return List.of();
    }

    @Override
    public List<Sample> trainedOn() {
        return List.of();
    }
}
