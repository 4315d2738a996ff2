// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.model.Head;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;

/** Makes the adapter that a training starts from. Its numbers depend on the seed and their module's name alone. */
final class FreshAdapter {

    private FreshAdapter() {}

    static Adapter of(Lora recipe, Transformer model, Split split, Training training) {
        Adapter.Owner owner = new Adapter.Owner();
        Seed seed = new Seed(training.seed()).child("initial values");
        Map<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        List<Integer> layers = recipe.layers().indices();
        for (int layer : layers) {
            Map<String, Pair> modules = new LinkedHashMap<>();
            for (LinearModule module : recipe.modules(model)) {
                modules.put(module.name(), pair(recipe, model.modulePath(layer, module), module, seed, owner.scope()));
            }
            pairs.put(layer, modules);
        }
        Head head = Head.initial(model, split.task().labels(), seed, owner.scope());
        return new Adapter(
                        owner,
                        pairs,
                        Optional.of(head),
                        origin(recipe, model, split, training),
                        model.depth(),
                        Place.UNKNOWN)
                .fittedTo(model);
    }

    // PEFT: kaiming_uniform with a = sqrt(5) is uniform within 1 / sqrt(inputs)
    private static Pair pair(Lora recipe, String path, LinearModule module, Seed seed, Scope scope) {
        SplittableRandom random = seed.child(path).random();
        float[] values = new float[recipe.rank() * module.inputs()];
        double bound = 1 / Math.sqrt(module.inputs());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return new Pair(
                scope.floats(values, recipe.rank(), module.inputs()),
                scope.zeros(DType.F32, module.outputs(), recipe.rank()),
                scope.full(Pair.factor(recipe.rank(), recipe.alpha(), recipe.rankStabilisedScale())),
                recipe.alpha(),
                recipe.rankStabilisedScale());
    }

    private static Origin origin(Lora recipe, Transformer model, Split split, Training training) {
        Map<String, String> settings = new LinkedHashMap<>(recipe.settings(model));
        settings.putAll(training.settings());
        settings.put("trained on", split.task().name() + " " + split.name() + " (" + split.hash() + ")");
        return new Origin(
                model.name(),
                settings,
                Double.NaN,
                model.maxTokens(),
                recipe.layers().pickedOn(),
                List.of(split),
                new JsonObject());
    }
}
