// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.lamella.base.Disk;
import org.lamella.base.Folders;
import org.lamella.model.Head;
import org.lamella.model.LinearModule;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Writes an adapter as a stock PEFT folder. Our own notes go into the safetensors header, which PEFT ignores. */
final class PeftWriter {

    static final String PREFIX = "base_model.model.";
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PROJECTOR = "multi_modal_projector";
    static final List<String> FILES = List.of(CONFIG, WEIGHTS);

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private final Adapter adapter;
    private final NavigableMap<Integer, Map<String, Pair>> pairs;
    private final NavigableMap<Integer, Map<String, Pair>> towerPairs;
    private final Map<String, Pair> all = new LinkedHashMap<>(); // by the full path of the module

    private PeftWriter(
            Adapter adapter,
            NavigableMap<Integer, Map<String, Pair>> pairs,
            NavigableMap<Integer, Map<String, Pair>> towerPairs) {
        this.adapter = adapter;
        this.pairs = pairs;
        this.towerPairs = towerPairs;
        name(pairs, adapter.place());
        adapter.tower().ifPresent(tower -> name(towerPairs, tower.place()));
        adapter.whole().outer().pairs().forEach(outer -> all.put(outer.path(), outer.pair()));
    }

    private void name(Map<Integer, Map<String, Pair>> some, Place place) {
        some.forEach((layer, modules) -> modules.forEach((name, pair) -> all.put(place.path(layer, name), pair)));
    }

    static void write(Adapter adapter, Path folder) {
        try (Scope scope = Scope.open()) {
            NavigableMap<Integer, Map<String, Pair>> pairs = joined(adapter, scope);
            NavigableMap<Integer, Map<String, Pair>> towerPairs =
                    adapter.tower().map(tower -> joined(tower, scope)).orElseGet(TreeMap::new);
            if (pairs.isEmpty()
                    && towerPairs.isEmpty()
                    && adapter.whole().outer().isEmpty()) {
                pairs.put(0, silent(adapter, scope));
            }
            PeftWriter writer = new PeftWriter(adapter, pairs, towerPairs);
            Folders.replace(folder, FILES, writer::fill);
        }
    }

    private static NavigableMap<Integer, Map<String, Pair>> joined(Adapter adapter, Scope scope) {
        TreeMap<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        adapter.pairs().forEach((layer, modules) -> {
            Map<String, Pair> joined = new TreeMap<>();
            modules.forEach((name, pair) -> joined.put(name, Portable.joined(pair, scope)));
            pairs.put(layer, joined);
        });
        return pairs;
    }

    // PEFT takes an empty list of layers for all layers, so one pair that changes nothing stands for none
    private static Map<String, Pair> silent(Adapter adapter, Scope scope) {
        LinearModule module = adapter.place().silent();
        return Map.of(
                module.name(),
                Pair.of(
                        scope.zeros(DType.F32, 1, module.inputs()),
                        scope.zeros(DType.F32, module.outputs(), 1),
                        1,
                        false,
                        scope));
    }

    private void fill(Path folder) {
        Map<String, Tensor> tensors = tensors();
        tensors.forEach((name, tensor) -> {
            if (tensor.elements() > 0 && !LastGood.finite(List.of(tensor))) {
                throw new IllegalStateException(
                        "adapter must hold finite numbers to be saved; " + name + " has one that is not");
            }
        });
        SafeTensors.write(folder.resolve(WEIGHTS), tensors, notes());
        try {
            Files.writeString(folder.resolve(CONFIG), GSON.toJson(sorted(config())) + "\n");
        } catch (IOException e) {
            throw Disk.unwritable(CONFIG, e);
        }
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Pair> inLayers = new LinkedHashMap<>(all);
        adapter.whole().outer().pairs().forEach(outer -> {
            inLayers.remove(outer.path());
            tensors.put(PREFIX + outer.names()[0], outer.pair().down());
            tensors.put(PREFIX + outer.names()[1], outer.pair().up());
            outer.own().ifPresent(weight -> tensors.put(PREFIX + outer.path() + ".base_layer.weight", weight));
        });
        inLayers.forEach((place, pair) -> {
            String path = PREFIX + place;
            tensors.put(path + ".lora_A.weight", pair.down());
            tensors.put(path + ".lora_B.weight", pair.up());
            pair.bias().ifPresent(bias -> tensors.put(path + ".base_layer.bias", bias));
            pair.magnitude().ifPresent(lengths -> tensors.put(path + ".lora_magnitude_vector", lengths));
        });
        adapter.whole().saved().forEach((name, tensor) -> tensors.put(PREFIX + wrapped(name), tensor));
        adapter.head()
                .ifPresent(head -> head.parameters().forEach((name, tensor) -> tensors.put(PREFIX + name, tensor)));
        return tensors;
    }

    // PEFT puts what has a pair one name deeper
    private String wrapped(String name) {
        boolean has = all.keySet().stream().anyMatch(path -> name.equals(path + ".bias"));
        return has ? name.substring(0, name.length() - "bias".length()) + "base_layer.bias" : name;
    }

    private Map<String, String> notes() {
        Map<String, String> notes = new TreeMap<>();
        notes.put("format", "pt");
        notes.put("lamella.version", version());
        notes.put("lamella.layers", adapter.layers().mask());
        notes.put("lamella.max_tokens", String.valueOf(adapter.maxTokens()));
        notes.put("lamella.settings", GSON.toJson(adapter.settings()).replaceAll("\\s*\\R\\s*", ""));
        notes.put("lamella.depth", String.valueOf(adapter.depth()));
        adapter.tower().ifPresent(tower -> {
            notes.put("lamella.tower_layers", tower.layers().mask());
            notes.put("lamella.tower_depth", String.valueOf(tower.depth()));
        });
        notes.put("lamella.seconds", String.valueOf(adapter.seconds()));
        notes.put("lamella.picked_on", RecordedSample.json(adapter.pickedOn()));
        notes.put("lamella.trained_on", RecordedSample.json(adapter.trainedOn()));
        if (!adapter.origin().pickedBy().isEmpty()) {
            notes.put(RecordedScores.NOTE, RecordedScores.json(adapter.origin().pickedBy()));
        }
        adapter.head().ifPresent(head -> notes.put("lamella.labels", labels(head)));
        if (adapter.startsElsewhere()) {
            notes.put("lamella.start", "the second half of each pair, frozen");
        }
        return notes;
    }

    // the jar's manifest has it; classes in a folder have none
    private static String version() {
        return Optional.ofNullable(PeftWriter.class.getPackage().getImplementationVersion())
                .orElse("not packaged");
    }

    private static String labels(Head head) {
        JsonArray names = new JsonArray();
        head.labels().forEach(names::add);
        return names.toString();
    }

    private JsonObject config() {
        JsonObject config = adapter.origin().config();
        PeftDefaults.fill(config);
        config.addProperty("base_model_name_or_path", adapter.origin().model());
        config.addProperty("peft_type", "LORA");
        if (adapter.head().isPresent()) {
            config.addProperty("task_type", "SEQ_CLS");
            config.add("auto_mapping", JsonNull.INSTANCE);
            config.add("modules_to_save", array(savedModules(adapter.head().get(), config)));
            if (adapter.place().ofTower()) { // PEFT's class for labels would ask for ids
                config.add("task_type", JsonNull.INSTANCE);
                config.add("modules_to_save", array(List.of("classifier")));
            }
        }
        if (adapter.whole().saved().keySet().stream().anyMatch(name -> name.contains(PROJECTOR + "."))) {
            LinkedHashSet<String> modules = new LinkedHashSet<>(new PeftMatch(config).texts("modules_to_save"));
            modules.add(PROJECTOR);
            config.add("modules_to_save", array(List.copyOf(modules)));
        }
        Pair first = all.values().iterator().next();
        config.addProperty("r", first.rank());
        config.add("lora_alpha", number(first.alpha()));
        config.addProperty("use_rslora", first.rankStabilised());
        config.addProperty("bias", bias(first));
        config.addProperty("use_dora", first.magnitude().isPresent());
        if (adapter.startsElsewhere()) {
            config.addProperty("init_lora_weights", true);
        }
        String dropout = adapter.settings().get("dropout");
        if (dropout != null) {
            config.addProperty("lora_dropout", Double.parseDouble(dropout));
        }
        patterns(config, first);
        targets(config);
        if (new PeftMatch(config).texts("modules_to_save").isEmpty()
                && adapter.whole().outer().after().isEmpty()) {
            config.addProperty("ensure_weight_tying", false); // or PEFT adds a pair on the matrix of words again
        }
        return config;
    }

    // PEFT names both for SEQ_CLS whatever the model has; a pooler only when it was trained; then what the file had
    private static List<String> savedModules(Head head, JsonObject config) {
        LinkedHashSet<String> modules = new LinkedHashSet<>(List.of("classifier", "score"));
        if (head.parameters().keySet().stream().anyMatch(name -> name.contains("pooler.") && name.endsWith("weight"))) {
            modules.add("pooler");
        }
        modules.addAll(new PeftMatch(config).texts("modules_to_save"));
        return List.copyOf(modules);
    }

    private String bias(Pair first) {
        return adapter.whole().everyBias() ? "all" : first.bias().isPresent() ? "lora_only" : "none";
    }

    // only full, escaped, disjoint names: PEFT sorts the keys when it saves and takes the first that matches
    private void patterns(JsonObject config, Pair first) {
        JsonObject ranks = new JsonObject();
        JsonObject alphas = new JsonObject();
        all.forEach((place, pair) -> {
            String path = escaped(place);
            if (pair.rank() != first.rank()) {
                ranks.addProperty(path, pair.rank());
            }
            if (pair.alpha() != first.alpha()) {
                alphas.add(path, number(pair.alpha()));
            }
        });
        config.add("rank_pattern", ranks);
        config.add("alpha_pattern", alphas);
    }

    private void targets(JsonObject config) {
        if (adapter.place().besideTower()
                || !towerPairs.isEmpty()
                || !adapter.whole().outer().isEmpty()) {
            // a short name would mean modules of both towers; a list of layers leaves out what lies in none
            config.add("target_modules", array(List.copyOf(all.keySet())));
            config.add("layers_to_transform", JsonNull.INSTANCE);
            config.add("layers_pattern", JsonNull.INSTANCE);
            return;
        }
        TreeSet<String> first = new TreeSet<>(pairs.firstEntry().getValue().keySet());
        boolean same =
                pairs.values().stream().allMatch(modules -> modules.keySet().equals(first));
        List<String> names = same ? Targets.names(first, adapter.place().linears()) : List.of();
        if (names.isEmpty()) {
            String each = all.keySet().stream().map(PeftWriter::escaped).collect(Collectors.joining("|"));
            config.addProperty("target_modules", each);
            config.add("layers_to_transform", JsonNull.INSTANCE);
            config.add("layers_pattern", JsonNull.INSTANCE);
            return;
        }
        config.add("target_modules", array(names));
        JsonArray layers = new JsonArray();
        pairs.keySet().forEach(layers::add);
        config.add("layers_to_transform", layers);
        config.addProperty("layers_pattern", adapter.place().pattern());
    }

    private static String escaped(String path) {
        return path.replace(".", "\\.");
    }

    private static JsonArray array(List<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    private static JsonPrimitive number(double value) {
        return value == Math.rint(value) ? new JsonPrimitive((long) value) : new JsonPrimitive(value);
    }

    private static Map<String, JsonElement> fields(JsonObject object) {
        TreeMap<String, JsonElement> fields = new TreeMap<>();
        object.entrySet().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    private static JsonObject sorted(JsonObject object) {
        JsonObject sorted = new JsonObject();
        for (Map.Entry<String, JsonElement> field : fields(object).entrySet()) {
            sorted.add(field.getKey(), field.getValue());
        }
        return sorted;
    }
}
