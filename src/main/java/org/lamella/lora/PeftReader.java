// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.base.FormatException;
import org.lamella.base.LayerSet;
import org.lamella.model.Head;
import org.lamella.model.LinearModule;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Tensor;

/**
 * Reads a PEFT folder. The tensors say which layers and modules have pairs and how wide they are; the configuration
 * says the scale. Fields of the configuration that are not known here are kept and written again.
 */
final class PeftReader {

    private static final Pattern PAIR = Pattern.compile("(.+?)\\.(\\d+)\\.(.+)\\.lora_([AB])(?:\\.default)?\\.weight");
    private static final String CONFIG = PeftWriter.CONFIG;
    private static final String WEIGHTS = PeftWriter.WEIGHTS;

    private final Path folder;
    private final JsonObject config;
    private final SafeTensors file;
    private final Adapter.Owner owner = new Adapter.Owner();
    private final TreeMap<Integer, TreeMap<String, String[]>> found = new TreeMap<>();
    private final TreeSet<String> stems = new TreeSet<>();
    private final Map<String, String> headKeys = new LinkedHashMap<>();

    private PeftReader(Path folder, JsonObject config, SafeTensors file) {
        this.folder = folder;
        this.config = config;
        this.file = file;
    }

    static Adapter read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("folder must hold an adapter; got " + folder + ", which is no folder");
        }
        Path configFile = folder.resolve(CONFIG);
        Path weights = folder.resolve(WEIGHTS);
        if (!Files.isRegularFile(configFile)) {
            throw new FormatException(CONFIG, "must be in the adapter's folder; found none in " + folder);
        }
        if (!Files.isRegularFile(weights)) {
            boolean pickle = Files.isRegularFile(folder.resolve("adapter_model.bin"));
            throw new FormatException(
                    WEIGHTS,
                    "must be in the adapter's folder; found none in " + folder
                            + (pickle
                                    ? "; adapter_model.bin is a Python pickle, which can run code and is not read: load"
                                            + " it in Python and save it with safe_serialization=True"
                                    : ""));
        }
        return new PeftReader(folder, json(configFile), SafeTensors.open(weights)).adapter();
    }

    private static JsonObject json(Path file) {
        try {
            JsonElement element = new Gson().fromJson(Files.readString(file), JsonElement.class);
            if (element == null || !element.isJsonObject()) {
                throw new FormatException(CONFIG, "must hold a JSON object; got " + element);
            }
            return element.getAsJsonObject();
        } catch (JsonParseException e) {
            throw new FormatException(CONFIG, "must be JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("[" + CONFIG + "] cannot be read: " + e, e);
        }
    }

    private Adapter adapter() {
        requireLora();
        file.names().forEach(this::sort);
        if (found.isEmpty() && headKeys.isEmpty()) {
            throw new FormatException(
                    WEIGHTS, "must hold lora_A and lora_B tensors of numbered layers; got " + file.names());
        }
        if (stems.size() > 1) {
            throw new FormatException(WEIGHTS, "pairs must sit in one list of layers; got " + stems);
        }
        TreeMap<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        found.forEach((layer, modules) -> {
            Map<String, Pair> row = new LinkedHashMap<>();
            modules.forEach((module, keys) -> row.put(module, pair(layer, module, keys)));
            pairs.put(layer, row);
        });
        Place place = place(pairs);
        removeSilent(pairs);
        int depth = note("lamella.depth").map(Integer::parseInt).orElse(0);
        return new Adapter(owner, pairs, head(), origin(), depth, place);
    }

    private void requireLora() {
        String method = text("peft_type").orElse("");
        if (!method.equals("LORA")) {
            throw new FormatException(
                    CONFIG, "peft_type must be \"LORA\", the only method read here; got \"" + method + "\"");
        }
        for (String variant : List.of("use_dora", "use_qalora", "lora_bias", "fan_in_fan_out")) {
            if (flag(variant)) {
                throw new FormatException(CONFIG, variant + " must be false, since it is not read here; got true");
            }
        }
        String bias = text("bias").orElse("none");
        if (!bias.equals("none")) {
            throw new FormatException(
                    CONFIG, "bias must be \"none\", since others are not read here; got \"" + bias + "\"");
        }
        JsonElement initial = config.get("init_lora_weights");
        if (initial != null
                && initial.isJsonPrimitive()
                && initial.getAsJsonPrimitive().isString()) {
            String name = initial.getAsString();
            if (!name.equals("gaussian") && !name.equals("orthogonal") && !name.equals("eva")) {
                throw new FormatException(
                        CONFIG,
                        "init_lora_weights must leave the base model as it is (true, false, \"gaussian\"); got \""
                                + name + "\"; save it from Python with path_initial_model_for_weight_conversion");
            }
        }
    }

    private void sort(String key) {
        if (!key.startsWith(PeftWriter.PREFIX)) {
            throw new FormatException(
                    WEIGHTS, "tensors must be named " + PeftWriter.PREFIX + "...; got \"" + key + "\"");
        }
        String path = key.substring(PeftWriter.PREFIX.length());
        Matcher pair = PAIR.matcher(path);
        if (pair.matches()) {
            stems.add(pair.group(1));
            String[] keys = found.computeIfAbsent(Integer.parseInt(pair.group(2)), layer -> new TreeMap<>())
                    .computeIfAbsent(pair.group(3), module -> new String[2]);
            keys[pair.group(4).equals("A") ? 0 : 1] = key;
            return;
        }
        if (path.contains("lora_")) {
            throw new FormatException(
                    WEIGHTS, "pairs must be lora_A.weight and lora_B.weight of numbered layers; got \"" + key + "\"");
        }
        headKeys.put(path, key);
    }

    private Pair pair(int layer, String module, String[] keys) {
        String path = stems.first() + "." + layer + "." + module;
        if (keys[0] == null || keys[1] == null) {
            throw new FormatException(WEIGHTS, path + " must have lora_A and lora_B; got one of them");
        }
        Tensor down = file.single(keys[0], owner.scope());
        Tensor up = file.single(keys[1], owner.scope());
        if (down.shape().length != 2 || up.shape().length != 2 || down.size(0) != up.size(1)) {
            throw new FormatException(
                    WEIGHTS, path + " must have A (r, inputs) and B (outputs, r); got " + down + " and " + up);
        }
        boolean stabilised = flag("use_rslora");
        double alpha =
                pattern("alpha_pattern", path).orElse(number("lora_alpha").orElse(8.0));
        double factor = Pair.factor((int) down.size(0), alpha, stabilised);
        return new Pair(down, up, owner.scope().full(factor), alpha, stabilised);
    }

    // PEFT: the first key, in the file's order, that matches the end of the path as a regular expression
    private Optional<Double> pattern(String field, String path) {
        JsonElement patterns = config.get(field);
        if (patterns == null || !patterns.isJsonObject()) {
            return Optional.empty();
        }
        return patterns.getAsJsonObject().entrySet().stream()
                .filter(entry -> path.matches("(.*\\.)?(" + entry.getKey() + ")"))
                .map(entry -> entry.getValue().getAsDouble())
                .findFirst();
    }

    private Place place(TreeMap<Integer, Map<String, Pair>> pairs) {
        Map<String, LinearModule> linears = new TreeMap<>();
        pairs.values()
                .forEach(modules -> modules.forEach((name, pair) -> linears.put(
                        name, new LinearModule(name, (int) pair.down().size(1), (int)
                                pair.up().size(0)))));
        return new Place(stems.isEmpty() ? "" : stems.first(), List.copyOf(linears.values()));
    }

    // one pair whose up projection is zero stands for no pair at all, if our own note says so
    private void removeSilent(TreeMap<Integer, Map<String, Pair>> pairs) {
        note("lamella.layers").filter(mask -> mask.indexOf('1') < 0).ifPresent(mask -> pairs.clear());
    }

    private Optional<Head> head() {
        if (headKeys.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        // weights before biases, as the architectures list them
        headKeys.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, String> entry) ->
                                entry.getKey().endsWith("bias"))
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> parameters.put(entry.getKey(), file.single(entry.getValue(), owner.scope())));
        Tensor last = new ArrayList<>(parameters.values()).get(parameters.size() - 1);
        int outputs = (int) last.size(0);
        List<String> labels = note("lamella.labels")
                .map(text -> new Gson().<List<String>>fromJson(text, new TypeToken<List<String>>() {}.getType()))
                .orElse(outputs == 1 ? List.of() : Head.unnamedLabels(outputs));
        return Optional.of(Head.of(labels, parameters));
    }

    private Origin origin() {
        Map<String, String> settings = note("lamella.settings")
                .map(text -> new Gson()
                        .<Map<String, String>>fromJson(
                                text, new TypeToken<LinkedHashMap<String, String>>() {}.getType()))
                .orElseGet(this::settings);
        return new Origin(
                text("base_model_name_or_path").orElse(""),
                settings,
                note("lamella.seconds").map(Double::parseDouble).orElse(Double.NaN),
                note("lamella.max_tokens").map(Integer::parseInt).orElse(Integer.MAX_VALUE),
                List.of(),
                List.of(),
                config);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("method", "LoRA");
        settings.put(
                "layers",
                LayerSet.where(found.isEmpty() ? 1 : found.lastKey() + 1, found::containsKey)
                        .mask());
        settings.put("rank", String.valueOf(config.get("r")));
        settings.put("alpha", String.valueOf(config.get("lora_alpha")));
        settings.put("dropout", String.valueOf(number("lora_dropout").orElse(0.0)));
        settings.put("targets", String.valueOf(config.get("target_modules")));
        settings.put("scale", flag("use_rslora") ? "alpha / sqrt(rank)" : "alpha / rank");
        settings.put(
                "read from",
                folder.getFileName() == null ? "" : folder.getFileName().toString());
        return settings;
    }

    private Optional<String> note(String name) {
        return Optional.ofNullable(file.metadata().get(name));
    }

    private Optional<String> text(String field) {
        JsonElement value = config.get(field);
        return value == null || value.isJsonNull() ? Optional.empty() : Optional.of(value.getAsString());
    }

    private Optional<Double> number(String field) {
        JsonElement value = config.get(field);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw new FormatException(CONFIG, field + " must be a number; got " + value);
        }
        return Optional.of(value.getAsDouble());
    }

    private boolean flag(String field) {
        JsonElement value = config.get(field);
        return value != null && value.isJsonPrimitive() && value.getAsBoolean();
    }
}
