// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.Arrays;
import java.util.Optional;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.model.Batch;
import org.lamella.model.Head;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.Autograd;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.Torch;

/**
 * The way of a batch through all layers to its loss, and back to the gradients of what is trained.
 *
 * <p>Layers below the lowest pair run without gradient; of the last layer only what the head reads is computed.
 */
final class GroupGradients {

    private final Transformer model;
    private final Adapter adapter;
    private final Head head;
    private final Split split;
    private final Pass pass;

    GroupGradients(Transformer model, Adapter adapter, Head head, Split split, Pass pass) {
        this.model = model;
        this.adapter = adapter;
        this.head = head;
        this.split = split;
        this.pass = pass;
    }

    /**
     * Adds the gradients of a batch's summed loss times a factor, and returns that loss.
     *
     * @param again what dropout draws where layers are computed a second time on the way back, with one layer's memory;
     *     empty where everything is kept
     */
    double add(Batch batch, double factor, Optional<Seed> again, Scope scope) {
        if (again.isPresent()) {
            return addAgain(batch, factor, again.get(), scope);
        }
        Tensor loss = loss(batch, factor, scope);
        Autograd.backward(loss);
        return loss.item();
    }

    private Tensor loss(Batch batch, double factor, Scope scope) {
        int lowest = lowest();
        Tensor state;
        try (GradMode mode = lowest < 0 ? GradMode.enabled() : GradMode.disabled()) {
            state = pass.embed(batch, Optional.of(adapter), scope);
        }
        for (int layer = 0; layer < model.depth(); layer++) {
            try (GradMode mode = layer >= lowest ? GradMode.enabled() : GradMode.disabled()) {
                Tensor before = state;
                state = after(layer, before, batch, scope);
                before.close();
            }
        }
        try (GradMode mode = GradMode.enabled()) {
            return answered(state, batch, factor, scope);
        }
    }

    // the first layer whose gradient is wanted; below 0 the embedding's is, too, in which pictures stand
    private int lowest() {
        if (adapter.tower().isPresent()) {
            return -1;
        }
        LayerSet layers = adapter.layers();
        return Math.min(
                layers.isEmpty() ? model.depth() : layers.indices().get(0),
                adapter.whole().lowest(model.depth()));
    }

    private Tensor after(int layer, Tensor before, Batch batch, Scope scope) {
        Optional<Adapter> overlay = Optional.of(adapter);
        return layer == model.depth() - 1
                ? pass.layerAtHead(layer, before, batch, head, overlay, scope)
                : pass.layer(layer, before, batch, overlay, scope);
    }

    private Tensor answered(Tensor state, Batch batch, double factor, Scope scope) {
        Tensor loss = head.writes()
                ? pass.answerLoss(state, batch, scope)
                : pass.loss(pass.logits(state, head, scope), truth(batch, scope), head, scope);
        return pass.scaled(loss, factor, scope);
    }

    // the same gradients with one layer's memory: forward keeps what comes into a layer, backward computes it again;
    // what
    // dropout draws must be the same both times
    private double addAgain(Batch batch, double factor, Seed draws, Scope scope) {
        int lowest = lowest();
        Tensor[] states = new Tensor[model.depth() + 1];
        try (GradMode mode = GradMode.disabled()) {
            seed(draws, -1);
            states[0] = pass.embed(batch, Optional.of(adapter), scope);
            for (int layer = 0; layer < model.depth(); layer++) {
                seed(draws, layer);
                states[layer + 1] = after(layer, states[layer], batch, scope);
                if (layer < lowest) {
                    states[layer].close();
                }
            }
        }
        Tensor read = states[model.depth()].requireGradient();
        Tensor loss;
        try (GradMode mode = GradMode.enabled()) {
            seed(draws, model.depth());
            loss = answered(read, batch, factor, scope);
        }
        Autograd.backward(loss);
        Tensor slope = read.gradient(scope);
        for (int layer = model.depth() - 1; layer >= Math.max(0, lowest); layer--) {
            seed(draws, layer);
            slope = slopeBefore(layer, layer > lowest, states[layer], slope, batch, scope);
            states[layer + 1].close();
        }
        if (lowest < 0) {
            try (GradMode mode = GradMode.enabled()) {
                seed(draws, -1);
                Autograd.backward(pass.embed(batch, Optional.of(adapter), scope), slope);
            }
        }
        return loss.item();
    }

    private Tensor slopeBefore(int layer, boolean wanted, Tensor before, Tensor slope, Batch batch, Scope scope) {
        try (Scope again = Scope.open();
                GradMode mode = GradMode.enabled()) {
            if (wanted) {
                before.requireGradient();
            }
            Autograd.backward(after(layer, before, batch, again), slope);
        }
        return wanted ? before.gradient(scope) : slope;
    }

    private static void seed(Seed draws, int layer) {
        Torch.seed(draws.child("layer", layer).value());
    }

    private Tensor truth(Batch batch, Scope scope) {
        int[] examples = batch.examples();
        if (head.regression()) {
            float[] targets = new float[examples.length];
            for (int i = 0; i < examples.length; i++) {
                targets[i] = (float) split.example(examples[i]).target();
            }
            return scope.floats(targets, targets.length);
        }
        long[] labels = Arrays.stream(examples)
                .mapToLong(example -> split.example(example).label())
                .toArray();
        return scope.longs(labels, labels.length);
    }
}
