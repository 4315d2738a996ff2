// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.base.Folders;
import org.lamella.base.FormatException;
import org.lamella.base.LayerSet;
import org.lamella.base.Names;
import org.lamella.base.Sample;
import org.lamella.data.Home;
import org.lamella.model.Head;
import org.lamella.model.LinearModule;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Tensor;

/**
 * Reads a PEFT folder. The tensors say which layers and modules have pairs and how wide they are; the configuration
 * says the scale. Fields of the configuration that are not known here are kept and written again.
 */
final class PeftReader {

    private static final Pattern PAIR =
            Pattern.compile("(.+?)\\.(\\d+)\\.(.+)\\.lora_(A|B|magnitude_vector)(?:\\.default)?(?:\\.weight)?");
    // the module's own bias, trained with bias="lora_only"; before PEFT 0.6 without base_layer
    private static final Pattern BIAS = Pattern.compile("(.+?)\\.(\\d+)\\.(.+?)(?:\\.base_layer)?\\.bias");
    // a pair outside of the layers, and the weight under it, which PEFT writes down, too
    private static final Pattern OUTER = Pattern.compile(
            "(?!.*\\.\\d+\\.)(.+)\\."
                    + "(?:(base_layer)\\.weight|lora_(embedding_A|embedding_B|A|B|magnitude_vector)(?:\\.default)?(?:\\.weight)?)");
    // what answers, and the pooler before it
    private static final Pattern HEAD = Pattern.compile("(classifier|score|(\\w+\\.)?pooler)\\..*");
    private static final String WEIGHTS = PeftWriter.WEIGHTS;

    private final Path folder;
    private final PeftConfig config;
    private final SafeTensors file;
    private final Adapter.Owner owner = new Adapter.Owner();
    private final Found found = new Found();
    private final Found tower = new Found();
    private final Map<String, String> headKeys = new LinkedHashMap<>();
    private final Map<String, String> wholeKeys = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> outerKeys = new LinkedHashMap<>(); // by module, then by tensor

    /** What belongs to pairs in one list of layers: its path, and the file's names by layer, module and tensor. */
    private static final class Found {
        private final TreeMap<Integer, TreeMap<String, Map<String, String>>> keys = new TreeMap<>();
        private final TreeSet<String> stems = new TreeSet<>();

        Map<String, String> of(int layer, String module) {
            return keys.computeIfAbsent(layer, fresh -> new TreeMap<>())
                    .computeIfAbsent(module, fresh -> new TreeMap<>());
        }

        String stem() {
            return stems.isEmpty() ? "" : stems.first();
        }
    }

    // a model that sees has two lists of layers
    private Found list(String stem) {
        return stem.contains("vision_tower.") ? tower : found;
    }

    private PeftReader(Path folder, PeftConfig config, SafeTensors file) {
        this.folder = folder;
        this.config = config;
        this.file = file;
    }

    static Adapter read(Path folder) {
        Folders.recover(folder);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("folder must hold an adapter; got " + folder + ", which is no folder");
        }
        try {
            return whole(folder);
        } catch (FormatException e) {
            throw e.in(folder);
        }
    }

    private static Adapter whole(Path folder) {
        PeftConfig config = PeftConfig.load(folder);
        Path weights = folder.resolve(WEIGHTS);
        if (!Files.isRegularFile(weights)) {
            boolean pickle = Files.isRegularFile(folder.resolve("adapter_model.bin"));
            throw new FormatException(
                    WEIGHTS,
                    "must be in the adapter's folder; found none"
                            + (pickle
                                    ? "; adapter_model.bin is a Python pickle, which can run code and is not read: load"
                                            + " it in Python and save it with safe_serialization=True"
                                    : ""));
        }
        try (SafeTensors file = SafeTensors.open(weights)) {
            return new PeftReader(folder, config, file).adapter();
        }
    }

    private Adapter adapter() {
        file.names().forEach(this::sort);
        withoutHead();
        if (found.keys.isEmpty() && tower.keys.isEmpty() && headKeys.isEmpty() && outerKeys.isEmpty()) {
            throw new FormatException(
                    WEIGHTS, "must hold lora_A and lora_B tensors of numbered layers; got " + file.names());
        }
        TreeMap<Integer, Map<String, Pair>> pairs = pairs(found);
        Place place = place(found, pairs);
        removeSilent(pairs);
        int depth = note("lamella.depth", 0, 0);
        Map<String, Tensor> whole = new LinkedHashMap<>();
        wholeKeys.forEach((name, key) -> whole.put(name, tensor(key)));
        Origin origin = origin();
        Optional<Adapter> eyes = tower.keys.isEmpty() ? Optional.empty() : Optional.of(eyes(origin));
        return new Adapter(owner, pairs, head(), origin, depth, place)
                .whole(Whole.of(whole).with(outer()))
                .tower(eyes);
    }

    private Adapter eyes(Origin origin) {
        TreeMap<Integer, Map<String, Pair>> pairs = pairs(tower);
        int depth = note("lamella.tower_depth", 0, 0);
        return new Adapter(owner, pairs, Optional.empty(), origin, depth, place(tower, pairs));
    }

    private TreeMap<Integer, Map<String, Pair>> pairs(Found list) {
        if (list.stems.size() > 1) {
            throw new FormatException(WEIGHTS, "pairs must sit in one list of layers; got " + list.stems);
        }
        TreeMap<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        list.keys.forEach((layer, modules) -> {
            Map<String, Pair> row = new LinkedHashMap<>();
            modules.forEach((module, keys) -> row.put(module, pair(list.stem() + "." + layer + "." + module, keys)));
            pairs.put(layer, row);
        });
        return pairs;
    }

    private void sort(String key) {
        if (!key.startsWith(PeftWriter.PREFIX)) {
            throw new FormatException(
                    WEIGHTS, "tensors must be named " + PeftWriter.PREFIX + "...; got \"" + key + "\"");
        }
        // a whole model's state_dict has the base model's own head beside the trained one
        if (key.contains(".original_module.")) {
            return;
        }
        String path = key.substring(PeftWriter.PREFIX.length())
                .replace(".modules_to_save.default.", ".")
                .replace(".modules_to_save.", "."); // so a head's bias is saved twice with bias="all"
        Matcher pair = PAIR.matcher(path);
        if (pair.matches()) {
            Found list = list(pair.group(1));
            list.stems.add(pair.group(1));
            list.of(layer(key, pair.group(2)), pair.group(3)).put(pair.group(4), key);
            return;
        }
        Matcher outer = OUTER.matcher(path);
        if (outer.matches() && OuterPair.on(outer.group(1))) {
            String tensor = outer.group(2) == null ? outer.group(3).replace("embedding_", "") : outer.group(2);
            outerKeys.computeIfAbsent(outer.group(1), fresh -> new TreeMap<>()).put(tensor, key);
            return;
        }
        Matcher bias = BIAS.matcher(path);
        String trained = config.text("bias").orElse("none");
        if (bias.matches() && (trained.equals("lora_only") || path.endsWith(".base_layer.bias"))) {
            list(bias.group(1)).of(layer(key, bias.group(2)), bias.group(3)).put("bias", key);
            return;
        }
        if (path.contains("lora_")) {
            throw new FormatException(
                    WEIGHTS, "pairs must be lora_A.weight and lora_B.weight of numbered layers; got \"" + key + "\"");
        }
        (HEAD.matcher(path).matches() ? headKeys : wholeKeys).put(path, key);
    }

    // an encoder alone has a pooler and no head; then the pooler is a module like others
    private void withoutHead() {
        if (headKeys.keySet().stream().allMatch(path -> path.contains("pooler."))) {
            wholeKeys.putAll(headKeys);
            headKeys.clear();
        }
    }

    private static int layer(String key, String number) {
        if (number.length() > 5) {
            throw new FormatException(WEIGHTS, "layer must be a number below 100000; got \"" + key + "\"");
        }
        return Integer.parseInt(number);
    }

    private Tensor tensor(String key) {
        Tensor tensor = file.single(key, owner.scope());
        if (!LastGood.finite(List.of(tensor))) {
            throw new FormatException(WEIGHTS, "every number must be finite; " + key + " has one that is not");
        }
        return tensor;
    }

    private Pair pair(String path, Map<String, String> keys) {
        String lengths = keys.get("magnitude_vector");
        requireBoth(path, keys);
        if (config.flag("use_dora") != (lengths != null)) {
            throw new FormatException(
                    WEIGHTS,
                    path + " must have a lora_magnitude_vector if use_dora is true in " + PeftWriter.CONFIG
                            + ", and none if not; got " + keys.values());
        }
        Pair pair = plain(path, keys);
        if (note("lamella.start").isPresent()) {
            pair = Portable.divided(pair, owner.scope());
        } else if (config.startsPrincipal()) {
            pair = pair.startingPrincipal();
        }
        int outputs = (int) pair.up().size(0);
        String bias = keys.get("bias");
        if (bias != null) {
            pair = pair.bias(vector(path, "a bias", bias, outputs));
        }
        return lengths == null ? pair : pair.magnitude(vector(path, "a magnitude", lengths, outputs));
    }

    private static void requireBoth(String path, Map<String, String> keys) {
        if (!keys.containsKey("A") || !keys.containsKey("B")) {
            throw new FormatException(WEIGHTS, path + " must have lora_A and lora_B; got one of them");
        }
    }

    private Pair plain(String path, Map<String, String> keys) {
        requireBoth(path, keys);
        Tensor down = tensor(keys.getOrDefault("A", ""));
        Tensor up = tensor(keys.getOrDefault("B", ""));
        if (down.shape().length != 2 || up.shape().length != 2 || down.size(0) != up.size(1)) {
            throw new FormatException(
                    WEIGHTS, path + " must have A (r, inputs) and B (outputs, r); got " + down + " and " + up);
        }
        boolean stabilised = config.flag("use_rslora");
        double alpha = config.pattern("alpha_pattern", path)
                .orElse(config.number("lora_alpha").orElse(8.0));
        return Pair.of(down, up, alpha, stabilised, owner.scope());
    }

    private OuterPairs outer() {
        List<OuterPair> pairs = new ArrayList<>();
        outerKeys.forEach((path, keys) -> {
            if (config.flag("use_dora") || keys.containsKey("magnitude_vector")) {
                throw new FormatException(
                        WEIGHTS,
                        path + " must have a pair without lengths (DoRA), which are read in layers alone; got "
                                + keys.values() + "; merge it in Python (merge_and_unload) and load the whole model");
            }
            if (config.startsPrincipal() && path.endsWith("lm_head")) {
                throw new FormatException(
                        WEIGHTS,
                        path + " must have a pair that starts at zero, since PiSSA is read in layers alone; got "
                                + keys.values()
                                + "; save it from Python with path_initial_model_for_weight_conversion");
            }
            Optional<Tensor> own = Optional.ofNullable(keys.get("base_layer")).map(this::tensor);
            pairs.add(new OuterPair(path, plain(path, keys), own, owner.scope()));
        });
        return OuterPairs.of(pairs);
    }

    private Tensor vector(String path, String what, String key, int outputs) {
        Tensor numbers = tensor(key);
        if (numbers.elements() != outputs) {
            throw new FormatException(
                    WEIGHTS, path + " must have " + what + " of " + outputs + " numbers; got " + numbers);
        }
        return numbers;
    }

    private static Place place(Found list, Map<Integer, Map<String, Pair>> pairs) {
        Map<String, LinearModule> linears = new TreeMap<>();
        pairs.values()
                .forEach(modules -> modules.forEach((name, pair) -> linears.put(
                        name, new LinearModule(name, (int) pair.down().size(1), (int)
                                pair.up().size(0)))));
        return new Place(list.stem(), List.copyOf(linears.values()));
    }

    // one pair whose up projection is zero stands for no pair at all, if our own note says so
    private void removeSilent(Map<Integer, Map<String, Pair>> pairs) {
        if (note("lamella.layers").filter(mask -> mask.indexOf('1') < 0).isPresent()) {
            found.keys.forEach((layer, modules) -> modules.forEach((module, keys) -> {
                String bias = keys.get("bias");
                if (bias != null) {
                    wholeKeys.put(found.stem() + "." + layer + "." + module + ".bias", bias);
                }
            }));
            pairs.clear();
        }
    }

    private Optional<Head> head() {
        if (headKeys.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        headKeys.forEach((name, key) -> parameters.put(name, tensor(key)));
        int outputs = Head.outputs(parameters)
                .orElseThrow(() -> new FormatException(
                        WEIGHTS,
                        "head must have a classifier.weight, classifier.out_proj.weight or score.weight with a row a"
                                + " label; got " + headKeys.values()));
        List<String> labels = note("lamella.labels")
                .map(text -> parsed("lamella.labels", text, new TypeToken<List<String>>() {}))
                .orElse(outputs == 1 ? List.of() : Head.unnamedLabels(outputs));
        if (labels.isEmpty() ? outputs != 1 : labels.size() != outputs) {
            throw new FormatException(
                    WEIGHTS, "lamella.labels must name " + outputs + " labels, as the head has; got " + labels);
        }
        return Optional.of(Head.of(labels, parameters));
    }

    private List<Sample> samples(String name) {
        return List.copyOf(note(name)
                .map(text -> parsed(name, text, new TypeToken<List<RecordedSample>>() {}))
                .orElse(List.of()));
    }

    private static <T> T parsed(String name, String text, TypeToken<T> type) {
        try {
            return new Gson().fromJson(text, type.getType());
        } catch (JsonParseException e) {
            throw new FormatException(WEIGHTS, name + " must be JSON; got \"" + Names.shortened(text) + "\"", e);
        }
    }

    private Origin origin() {
        Map<String, String> settings = note("lamella.settings")
                .<Map<String, String>>map(
                        text -> parsed("lamella.settings", text, new TypeToken<LinkedHashMap<String, String>>() {}))
                .orElseGet(this::settings);
        return new Origin(
                config.text("base_model_name_or_path").orElse(""),
                settings,
                seconds(),
                note("lamella.max_tokens", 2, Integer.MAX_VALUE),
                samples("lamella.picked_on"),
                samples("lamella.trained_on"),
                note(RecordedScores.NOTE)
                        .map(text -> RecordedScores.parse(WEIGHTS, text))
                        .orElse(List.of()),
                "Adapter.load(" + Home.code(folder) + ")",
                config.json());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("method", config.flag("use_dora") ? "DoRA" : "LoRA");
        settings.put(
                "layers",
                LayerSet.where(found.keys.isEmpty() ? 1 : found.keys.lastKey() + 1, found.keys::containsKey)
                        .mask());
        settings.put("rank", String.valueOf(config.json().get("r")));
        settings.put("alpha", String.valueOf(config.json().get("lora_alpha")));
        settings.put("dropout", String.valueOf(config.number("lora_dropout").orElse(0.0)));
        settings.put("targets", String.valueOf(config.json().get("target_modules")));
        settings.put("scale", config.flag("use_rslora") ? "alpha / sqrt(rank)" : "alpha / rank");
        settings.put(
                "read from",
                folder.getFileName() == null ? "" : folder.getFileName().toString());
        return settings;
    }

    private Optional<String> note(String name) {
        return Optional.ofNullable(file.metadata().get(name));
    }

    private double seconds() {
        String text = note("lamella.seconds").orElse("NaN");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new FormatException(WEIGHTS, "lamella.seconds must be a number; got \"" + text + "\"", e);
        }
    }

    private int note(String name, int least, int otherwise) {
        String text = note(name).orElse(String.valueOf(otherwise));
        if (!text.matches("\\d{1,10}") || Long.parseLong(text) < least || Long.parseLong(text) > Integer.MAX_VALUE) {
            throw new FormatException(
                    WEIGHTS, name + " must be a whole number of at least " + least + "; got \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }
}
