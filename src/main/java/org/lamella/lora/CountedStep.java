// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.model.BatchShape;
import org.lamella.model.HeadShape;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;
import org.lamella.model.Work;

/** Counts what one group of a training step costs: its layers and its head. */
final class CountedStep {

    /**
     * One layer, or the head.
     *
     * @param forward floating-point operations
     * @param backward floating-point operations
     * @param kept numbers in memory until the gradient has passed
     */
    record Count(long forward, long backward, long kept) {

        Count plus(Count other) {
            return new Count(forward + other.forward, backward + other.backward, Math.max(kept, other.kept));
        }

        Count times(long n) {
            return new Count(n * forward, n * backward, kept);
        }

        long flops() {
            return forward + backward;
        }
    }

    private final List<Count> layers = new ArrayList<>();
    private final Count head;
    private final long passing;

    /** Counts a group of that shape under a recipe. */
    CountedStep(Transformer model, Lora recipe, BatchShape shape, HeadShape headShape, boolean baseDropout) {
        boolean gradient = recipe.form().biases() == Form.Biases.ALL; // the embedding has biases
        long most = 0;
        for (int layer = 0; layer < model.depth(); layer++) {
            Work work = model.work(layer, shape, baseDropout);
            CountedLayer counted = new CountedLayer(work, adapted(model, recipe, layer), gradient);
            layers.add(new Count(counted.forward(), counted.backward(), counted.kept()));
            gradient = counted.gradient();
            most = Math.max(most, work.passing());
        }
        head = head(headShape, shape.examples(), gradient);
        passing = most;
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

    private static Count head(HeadShape shape, long examples, boolean below) {
        long forward = 0;
        long backward = 0;
        long kept = 0;
        boolean gradient = below;
        for (LinearModule module : shape.frozen()) {
            long flops = 2 * examples * module.inputs() * module.outputs();
            forward += flops;
            backward += gradient ? flops : 0;
            kept += gradient ? examples * module.outputs() : 0;
        }
        for (LinearModule module : shape.trained()) {
            long flops = 2 * examples * module.inputs() * module.outputs();
            forward += flops;
            backward += flops + (gradient ? flops : 0);
            kept += examples * (module.inputs() + module.outputs());
            gradient = true;
        }
        return new Count(forward, backward, kept);
    }

    Count layer(int index) {
        return layers.get(index);
    }

    Count head() {
        return head;
    }

    /** Numbers in memory at once besides those that are kept, at the most. */
    long passing() {
        return passing;
    }
}
