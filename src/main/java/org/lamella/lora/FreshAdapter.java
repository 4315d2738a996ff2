// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Task;
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
            def lengths(self, w: Tensor) -> Tensor:
              return torch.linalg_vector_norm(w, 2, [1])
            """);

    private FreshAdapter() {}

    static Adapter of(Lora recipe, Transformer model, Split split, Training training) {
        Adapter.Owner owner = new Adapter.Owner();
        Seed seed = new Seed(training.seed()).child("initial values");
        Map<Integer, Map<String, Pair>> pairs = pairs(recipe.parts(), model, seed, owner.scope());
        Optional<Head> head = split.task().kind() == Task.Kind.GENERATION
                ? Optional.empty()
                : Optional.of(withBiases(
                        Head.initial(model, split.task().labels(), recipe.form().pooler(), seed, owner.scope()),
                        recipe,
                        model,
                        owner.scope()));
        Origin origin = origin(recipe, model, split, training);
        Optional<Adapter> tower = recipe.tower().isEmpty()
                ? Optional.empty()
                : Optional.of(new Adapter(
                        owner,
                        pairs(recipe.towerParts(), model.tower(), seed, owner.scope()),
                        Optional.empty(),
                        origin,
                        model.tower().depth(),
                        Place.UNKNOWN));
        return new Adapter(owner, pairs, head, origin, model.depth(), Place.UNKNOWN)
                .whole(Whole.of(copies(wholes(recipe, model), owner.scope())))
                .tower(tower)
                .fittedTo(model);
    }

    private static Map<Integer, Map<String, Pair>> pairs(List<Lora> parts, Transformer model, Seed seed, Scope scope) {
        Map<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        for (Lora part : parts) {
            for (int layer : part.layers().indices()) {
                Map<String, Pair> modules = pairs.computeIfAbsent(layer, fresh -> new LinkedHashMap<>());
                for (LinearModule module : part.modules(model)) {
                    Seed own = seed.child(model.modulePath(layer, module));
                    Pair pair = pair(part, module, model.weight(layer, module), own, scope);
                    modules.put(
                            module.name(),
                            part.form().biases() != Form.Biases.FROZEN && model.biased(module)
                                    ? pair.bias(model.bias(layer, module).copy(scope))
                                    : pair);
                }
            }
        }
        return pairs;
    }

    /** Returns the weights that a recipe trains whole, by their full names: biases, a projector, or everything. */
    static Map<String, Tensor> wholes(Lora recipe, Transformer model) {
        Map<String, Tensor> whole = otherBiases(recipe, model);
        if (recipe.form().everything()) {
            whole.putAll(model.frozen());
            whole.keySet().removeAll(model.pooler()); // it goes with the head
        }
        if (recipe.form().projector()) {
            Map<String, Tensor> frozen = model.frozen();
            model.projector().forEach(name -> whole.put(name, Objects.requireNonNull(frozen.get(name))));
        }
        return whole;
    }

    /** Returns the biases of embedding and layers that a recipe trains besides those of its pairs, by their full names. */
    private static Map<String, Tensor> otherBiases(Lora recipe, Transformer model) {
        Map<String, Tensor> biases = biases(recipe, model);
        biases.keySet().removeAll(model.pooler());
        for (Lora part : recipe.parts()) {
            for (LinearModule module : part.modules(model)) {
                part.layers().indices().forEach(layer -> biases.remove(model.modulePath(layer, module) + ".bias"));
            }
        }
        return biases;
    }

    private static Map<String, Tensor> biases(Lora recipe, Transformer model) {
        Map<String, Tensor> biases = new LinkedHashMap<>();
        if (recipe.form().biases() == Form.Biases.ALL) {
            biases.putAll(model.frozen());
            biases.keySet().removeIf(name -> !name.contains("bias"));
        }
        return biases;
    }

    // the pooler stands between layers and head, and its bias goes with the head; one trained whole is there already
    private static Head withBiases(Head head, Lora recipe, Transformer model, Scope scope) {
        Map<String, Tensor> biases = biases(recipe, model);
        biases.keySet().retainAll(model.pooler());
        Map<String, Tensor> more = copies(biases, scope);
        more.putAll(head.parameters());
        return Head.of(head.labels(), more);
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> frozen, Scope scope) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        frozen.forEach((name, tensor) -> copies.put(name, tensor.copy(scope)));
        return copies;
    }

    private static Pair pair(Lora recipe, LinearModule module, Tensor weight, Seed seed, Scope scope) {
        Form form = recipe.form();
        Pair pair = form.principal() ? principal(recipe, weight, seed, scope) : random(recipe, module, seed, scope);
        return form.decomposed() ? pair.magnitude(rowLengths(weight, scope)) : pair;
    }

    private static Pair random(Lora recipe, LinearModule module, Seed seed, Scope scope) {
        return Pair.of(
                module.freshDown(recipe.rank(), seed, scope),
                scope.zeros(DType.F32, module.outputs(), recipe.rank()),
                recipe.alpha(),
                recipe.form().rankStabilised(),
                scope);
    }

    private static Pair principal(Lora recipe, Tensor weight, Seed seed, Scope scope) {
        boolean stabilised = recipe.form().rankStabilised();
        double scale = Pair.factor(recipe.rank(), recipe.alpha(), stabilised);
        Pair.Start start =
                Principal.of(weight, recipe.rank(), scale, recipe.form().iterations(), seed, scope);
        return Pair.of(start.down().copy(scope), start.up().copy(scope), recipe.alpha(), stabilised, scope)
                .start(start);
    }

    // at the start the whole weight is the base model's, whatever its parts
    private static Tensor rowLengths(Tensor weight, Scope scope) {
        return SCRIPT.call("lengths").with(weight).one(scope);
    }

    private static Origin origin(Lora recipe, Transformer model, Split split, Training training) {
        Map<String, String> settings = new LinkedHashMap<>(recipe.settings(model));
        settings.putAll(training.settings());
        JsonObject config = new JsonObject();
        if (split.task().kind() == Task.Kind.GENERATION) {
            config.addProperty("task_type", "CAUSAL_LM");
        }
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
                config);
    }
}
