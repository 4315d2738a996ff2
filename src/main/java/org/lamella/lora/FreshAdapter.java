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
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/** Makes the adapter that a training starts from. Its numbers depend on the seed and their module's name alone. */
final class FreshAdapter {

    private static final Script SCRIPT = Script.compile("""
            def copy(self, x: Tensor) -> Tensor:
              return torch.clone(x)
            def lengths(self, w: Tensor) -> Tensor:
              return torch.linalg_vector_norm(w, 2, [1])
            """);

    private FreshAdapter() {}

    static Adapter of(Lora recipe, Transformer model, Split split, Training training) {
        Adapter.Owner owner = new Adapter.Owner();
        Seed seed = new Seed(training.seed()).child("initial values");
        Map<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        for (Lora part : recipe.parts()) {
            for (int layer : part.layers().indices()) {
                Map<String, Pair> modules = pairs.computeIfAbsent(layer, fresh -> new LinkedHashMap<>());
                for (LinearModule module : part.modules(model)) {
                    Seed own = seed.child(model.modulePath(layer, module));
                    Pair pair = pair(part, model.weight(layer, module), own, owner.scope());
                    modules.put(
                            module.name(),
                            part.form().biases() ? pair.bias(copy(model.bias(layer, module), owner.scope())) : pair);
                }
            }
        }
        Head head = Head.initial(model, split.task().labels(), recipe.form().pooler(), seed, owner.scope());
        return new Adapter(
                        owner,
                        pairs,
                        Optional.of(head),
                        origin(recipe, model, split, training),
                        model.depth(),
                        Place.UNKNOWN)
                .fittedTo(model);
    }

    private static Pair pair(Lora recipe, Tensor weight, Seed seed, Scope scope) {
        Form form = recipe.form();
        Pair pair = form.principal() ? principal(recipe, weight, seed, scope) : random(recipe, weight, seed, scope);
        return form.decomposed() ? pair.magnitude(rowLengths(weight, scope)) : pair;
    }

    // PEFT: kaiming_uniform with a = sqrt(5) is uniform within 1 / sqrt(inputs)
    private static Pair random(Lora recipe, Tensor weight, Seed seed, Scope scope) {
        SplittableRandom random = seed.random();
        int inputs = (int) weight.size(1);
        float[] values = new float[recipe.rank() * inputs];
        double bound = 1 / Math.sqrt(inputs);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return Pair.of(
                scope.floats(values, recipe.rank(), inputs),
                scope.zeros(DType.F32, weight.size(0), recipe.rank()),
                recipe.alpha(),
                recipe.form().rankStabilised(),
                scope);
    }

    private static Pair principal(Lora recipe, Tensor weight, Seed seed, Scope scope) {
        boolean stabilised = recipe.form().rankStabilised();
        double scale = Pair.factor(recipe.rank(), recipe.alpha(), stabilised);
        Pair.Start start =
                Principal.of(weight, recipe.rank(), scale, recipe.form().iterations(), seed, scope);
        return Pair.of(copy(start.down(), scope), copy(start.up(), scope), recipe.alpha(), stabilised, scope)
                .start(start);
    }

    private static Tensor copy(Tensor tensor, Scope scope) {
        return SCRIPT.call("copy").with(tensor).one(scope);
    }

    // at the start the whole weight is the base model's, whatever its parts
    private static Tensor rowLengths(Tensor weight, Scope scope) {
        return SCRIPT.call("lengths").with(weight).one(scope);
    }

    private static Origin origin(Lora recipe, Transformer model, Split split, Training training) {
        Map<String, String> settings = new LinkedHashMap<>(recipe.settings(model));
        settings.putAll(training.settings());
        settings.put("trained on", split.task().name() + " " + split.name() + " (" + split.hash() + ")");
        return new Origin(
                model.hubId().orElse(model.name()),
                settings,
                Double.NaN,
                model.maxTokens(),
                recipe.everyLayer().pickedOn(),
                List.of(split),
                recipe.everyLayer().pickedBy(),
                RunNotes.expression(recipe, model, split, training) + ".adapter()",
                new JsonObject());
    }
}
