// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.lamella.base.LayerSet;
import org.lamella.base.Sample;
import org.lamella.base.Seed;
import org.lamella.model.Head;
import org.lamella.model.LinearModule;
import org.lamella.model.Overlay;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Large random pairs on the attention's query and value of some layers, and a random head: every layer matters. */
final class RandomAdapter implements Overlay {

    private static final int RANK = 2;

    private final LayerSet layers;
    private final Map<Integer, List<Tensor>> pairs;
    private final Head head;
    private final List<Sample> trainedOn;

    private RandomAdapter(LayerSet layers, Map<Integer, List<Tensor>> pairs, Head head, List<Sample> trainedOn) {
        this.layers = layers;
        this.pairs = pairs;
        this.head = head;
        this.trainedOn = trainedOn;
    }

    static RandomAdapter over(Transformer model, LayerSet layers, List<String> labels, Scope owner) {
        SplittableRandom random = new SplittableRandom(5);
        Map<Integer, List<Tensor>> pairs = new HashMap<>();
        for (int layer : layers.indices()) {
            List<Tensor> tensors = new ArrayList<>();
            for (LinearModule module : model.linears()) {
                boolean adapted =
                        module.name().endsWith("query") || module.name().endsWith("value");
                tensors.addAll(
                        adapted
                                ? Overlay.plainPair(
                                        normal(random, owner, RANK, module.inputs()),
                                        normal(random, owner, module.outputs(), RANK),
                                        owner.full(2),
                                        empty(owner))
                                : Overlay.noPair(empty(owner)));
            }
            pairs.put(layer, List.copyOf(tensors));
        }
        return new RandomAdapter(layers, pairs, Head.initial(model, labels, new Seed(3), owner), List.of());
    }

    private static Tensor normal(SplittableRandom random, Scope owner, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return owner.floats(values, rows, columns);
    }

    private static Tensor empty(Scope owner) {
        return owner.floats(new float[0], 0);
    }

    RandomAdapter keeping(int boundary) {
        return keeping(layers.below(boundary));
    }

    @Override
    public RandomAdapter keeping(LayerSet some) {
        return new RandomAdapter(layers.intersection(some), pairs, head, trainedOn);
    }

    RandomAdapter trainedOn(Sample sample) {
        return new RandomAdapter(layers, pairs, head, List.of(sample));
    }

    @Override
    public Overlay fittedTo(Transformer model) {
        return this;
    }

    @Override
    public LayerSet layers() {
        return layers;
    }

    @Override
    public List<Tensor> pairs(int layer) {
        return layers.contains(layer) ? pairs.getOrDefault(layer, List.of()) : List.of();
    }

    @Override
    public Optional<Head> head() {
        return Optional.of(head);
    }

    @Override
    public int maxTokens() {
        return 40;
    }

    @Override
    public long parameters() {
        return 0;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("layers", layers.mask());
    }

    @Override
    public double seconds() {
        return Double.NaN;
    }

    @Override
    public List<Sample> pickedOn() {
        return layers.pickedOn();
    }

    @Override
    public List<Sample> trainedOn() {
        return trainedOn;
    }
}
