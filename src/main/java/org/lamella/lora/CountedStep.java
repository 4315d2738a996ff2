// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.lamella.model.BatchShape;
import org.lamella.model.HeadShape;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;
import org.lamella.model.Work;
import org.lamella.tensor.DType;
import org.lamella.tensor.Tensor;

/** Counts what one group of a training step costs: its layers and its head. */
final class CountedStep {

    /**
     * One layer, or the head.
     *
     * @param forward floating-point operations
     * @param backward floating-point operations
     * @param kept bytes in memory until the gradient has passed
     */
    record Count(long forward, long backward, long kept) {

        Count plus(Count other) {
            return new Count(sum(forward, other.forward), sum(backward, other.backward), Math.max(kept, other.kept));
        }

        Count times(long n) {
            return new Count(product(n, forward), product(n, backward), kept);
        }

        // a batch of billions of texts takes more than can be counted: the most that can
        private static long sum(long one, long other) {
            return one + other < 0 ? Long.MAX_VALUE : one + other;
        }

        private static long product(long times, long count) {
            return Math.multiplyHigh(times, count) != 0 || times * count < 0 ? Long.MAX_VALUE : times * count;
        }

        double flops() {
            return (double) forward + backward;
        }
    }

    private static final long SINGLE = 4;
    // of how many answered words at a time the logits are there, and how often: they, and their slope
    private static final long WORDS = 256;
    private static final long TIMES = 2;

    private final List<Count> layers;
    private final Count tower;
    private final Count head;
    private final long state;
    private final long passing;
    private final long answering;

    /**
     * Counts a group of that shape under a recipe.
     *
     * @param words whether the head is the matrix of words
     */
    CountedStep(
            Transformer model, Lora recipe, BatchShape shape, HeadShape headShape, boolean words, boolean baseDropout) {
        long number = bytes(model);
        layers = new ArrayList<>();
        state = number * shape.tokens() * model.width();
        boolean gradient = recipe.reachesEmbedding();
        long most = 0;
        for (int layer = 0; layer < model.depth(); layer++) {
            Work work = model.work(layer, shape, baseDropout);
            CountedLayer counted = new CountedLayer(work, adapted(model, recipe, layer), gradient, number);
            // where all weights are trained each product has a slope by its weight, too
            long weights = recipe.form().everything() ? counted.forward() : 0;
            layers.add(new Count(counted.forward(), counted.backward() + weights, counted.kept()));
            gradient = counted.gradient();
            most = Math.max(most, work.passing());
        }
        tower = model.seesInPrompts() ? tower(model, recipe, shape.examples(), number) : new Count(0, 0, 0);
        head = words ? words(headShape, shape.read()) : head(headShape, shape.read(), gradient);
        answering = words
                ? SINGLE
                        * TIMES
                        * Math.min(WORDS, shape.read())
                        * headShape.frozen().get(0).outputs()
                : 0;
        passing = number * most;
    }

    private CountedStep(CountedStep once, List<Count> layers, long most) {
        this.layers = layers;
        tower = once.tower;
        head = once.head;
        state = once.state;
        answering = once.answering;
        passing = once.passing + most;
    }

    /** Counts this step with gradient checkpointing: from a layer on, each is computed twice and keeps what comes in. */
    CountedStep twice(int lowest) {
        List<Count> twice = new ArrayList<>();
        long most = 0;
        for (int layer = 0; layer < layers.size(); layer++) {
            Count once = layers.get(layer);
            twice.add(layer < lowest ? once : new Count(once.forward(), once.backward() + once.forward(), state));
            most = Math.max(most, once.kept());
        }
        return new CountedStep(this, twice, most);
    }

    /** Returns the bytes of a number that the model computes with. */
    static long bytes(Transformer model) {
        return model.weight(0, model.linears().get(0)).dtype() == DType.BF16 ? 2 : SINGLE;
    }

    private static Map<String, Lora> adapted(Transformer model, Lora recipe, int layer) {
        Map<String, Lora> adapted = new LinkedHashMap<>();
        for (Lora part : recipe.parts()) {
            if (part.layers().contains(layer)) {
                part.modules(model).forEach(module -> adapted.put(module.name(), part));
            }
        }
        return adapted;
    }

    // one picture a text: the layers of the tower that are read, and the projector
    private static Count tower(Transformer model, Lora recipe, int pictures, long number) {
        Transformer tower = model.tower();
        BatchShape shape = BatchShape.even(pictures, tower.maxTokens());
        Map<Integer, Map<String, Lora>> adapted = new HashMap<>();
        for (Lora part : recipe.towerParts()) {
            for (int layer : part.layers().indices()) {
                part.modules(tower).forEach(module -> adapted.computeIfAbsent(layer, fresh -> new HashMap<>())
                        .put(module.name(), part));
            }
        }
        Count all = new Count(0, 0, 0);
        boolean gradient = false;
        for (int layer = 0; layer < model.towerLayers(); layer++) {
            CountedLayer counted = new CountedLayer(
                    tower.work(layer, shape, false), adapted.getOrDefault(layer, Map.of()), gradient, number);
            all = new Count(
                    all.forward + counted.forward(), all.backward + counted.backward(), all.kept + counted.kept());
            gradient = counted.gradient();
        }
        Map<String, Tensor> frozen = model.frozen();
        long products = 0;
        long held = 0;
        for (String name : model.projector()) {
            long[] matrix = Objects.requireNonNull(frozen.get(name)).shape();
            if (matrix.length == 2) {
                products += 2L * shape.tokens() * matrix[0] * matrix[1];
                held += number * shape.tokens() * (matrix[0] + matrix[1]);
            }
        }
        boolean trained = recipe.form().projector();
        return new Count(
                all.forward + products,
                all.backward + (trained ? products : 0) + (gradient ? products : 0),
                all.kept + (trained || gradient ? held : 0));
    }

    // the way back is gone on the spot, some words at a time; what is kept is a slope for each state, and two of its
    // norm
    private static Count words(HeadShape shape, long read) {
        LinearModule words = shape.frozen().get(0);
        long flops = 2 * read * words.inputs() * words.outputs();
        return new Count(flops, flops, SINGLE * 3 * read * words.inputs());
    }

    private static Count head(HeadShape shape, long examples, boolean below) {
        long forward = 0;
        long backward = 0;
        long kept = 0;
        boolean gradient = below;
        for (LinearModule module : shape.frozen()) {
            long flops = 2 * examples * module.inputs() * module.outputs();
            forward += flops;
            backward += gradient ? flops : 0;
            kept += gradient ? SINGLE * examples * module.outputs() : 0;
        }
        for (LinearModule module : shape.trained()) {
            long flops = 2 * examples * module.inputs() * module.outputs();
            forward += flops;
            backward += flops + (gradient ? flops : 0);
            kept += SINGLE * examples * (module.inputs() + module.outputs());
            gradient = true;
        }
        return new Count(forward, backward, kept);
    }

    /** Returns what a vision tower and its projector cost; nothing without. */
    Count tower() {
        return tower;
    }

    Count layer(int index) {
        return layers.get(index);
    }

    Count head() {
        return head;
    }

    /** Bytes in memory at once besides those that are kept while the gradient passes a layer, at the most. */
    long passing() {
        return passing;
    }

    /** Bytes in memory at once besides those that are kept while the head answers. */
    long answering() {
        return answering;
    }
}
