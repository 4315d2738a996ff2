// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.LayerSet;
import org.lamella.base.Sample;
import org.lamella.base.Seed;
import org.lamella.model.Head;
import org.lamella.model.Overlay;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** A new head on a bare encoder, with the recipe and the samples a test wants. */
record HeadOnly(
        Transformer model,
        Head trained,
        LayerSet layers,
        Map<String, String> settings,
        List<Sample> pickedOn,
        List<Sample> trainedOn)
        implements Overlay {

    static HeadOnly over(Transformer model, List<String> labels, Scope owner) {
        Head head = Head.initial(model, labels, new Seed(3), owner);
        return new HeadOnly(model, head, LayerSet.none(model.depth()), Map.of(), List.of(), List.of());
    }

    HeadOnly settings(Map<String, String> changed) {
        return new HeadOnly(model, trained, layers, changed, pickedOn, trainedOn);
    }

    HeadOnly looked(Sample picked, Sample learned) {
        return new HeadOnly(model, trained, layers, settings, List.of(picked), List.of(learned));
    }

    @Override
    public Overlay fittedTo(Transformer other) {
        return this;
    }

    @Override
    public List<Tensor> pairs(int layer) {
        return List.of();
    }

    @Override
    public Overlay keeping(LayerSet some) {
        return new HeadOnly(model, trained, layers.intersection(some), settings, pickedOn, trainedOn);
    }

    @Override
    public Optional<Head> head() {
        return Optional.of(trained);
    }

    @Override
    public int maxTokens() {
        return 64;
    }

    @Override
    public long parameters() {
        return 99;
    }

    @Override
    public double seconds() {
        return 1.5;
    }
}
