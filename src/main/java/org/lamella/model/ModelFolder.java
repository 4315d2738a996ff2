// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.base.Folders;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Tensor;

/** Writes a whole model as Hugging Face has it on disk: config.json, model.safetensors, the tokenizer's files. */
final class ModelFolder {

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();
    private static final List<String> FILES = Stream.concat(
                    Stream.of("config.json", "model.safetensors"), FolderSource.TOKENIZER.stream())
            .toList();

    private static final String MATRIX = "lm_head.weight";

    private final Weights weights;
    private final Architecture architecture;
    private final Purpose purpose;

    private ModelFolder(Weights weights) {
        this.weights = weights;
        this.architecture = weights.architecture();
        this.purpose = weights.head().isPresent()
                ? Purpose.LABELS
                : weights.language().isEmpty() ? Purpose.STATES : Purpose.WORDS;
    }

    static void write(Weights weights, Path folder) {
        ModelFolder whole = new ModelFolder(weights);
        if (whole.purpose == Purpose.WORDS && whole.parted() && weights.eyes().isPresent()) {
            throw new IllegalStateException(
                    "model must read and write words by one matrix to be saved whole, since it sees;"
                            + " got an adapter that changes one of the two; save the adapter instead");
        }
        Folders.replace(folder, FILES, whole::fill);
    }

    private void fill(Path folder) {
        SafeTensors.write(folder.resolve("model.safetensors"), tensors(), Map.of("format", "pt"));
        try {
            Files.writeString(folder.resolve("config.json"), GSON.toJson(config()) + "\n");
            weights.source().writeTokenizer(folder);
        } catch (IOException e) {
            throw Disk.unwritable(folder, e);
        }
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        // states alone bear their names without the prefix
        String prefix = purpose == Purpose.STATES && architecture.bare() ? "" : architecture.prefix();
        put(tensors, prefix, architecture.embedding(), weights.embedding());
        put(tensors, prefix, architecture.shared(), weights.shared());
        for (int layer = 0; layer < architecture.depth(); layer++) {
            put(tensors, prefix + architecture.path(layer) + ".", architecture.layer(), weights.layer(layer));
        }
        for (int i = 0; i < weights.pooler().size(); i++) {
            String name = architecture.pooler().get(i).name();
            boolean inside = name.startsWith(architecture.prefix()) && purpose == Purpose.STATES && architecture.bare();
            tensors.put(
                    inside ? name.substring(architecture.prefix().length()) : name,
                    weights.pooler().get(i));
        }
        if (purpose == Purpose.WORDS) {
            // a matrix of words that is the table of embeddings has that name, and is there already
            List<Architecture.Weight> names = architecture.language();
            put(tensors, "", parted() ? names.subList(0, names.size() - 1) : names, weights.language());
            if (parted()) {
                tensors.put(MATRIX, weights.words());
            }
        }
        weights.head().ifPresent(own -> tensors.putAll(own.parameters()));
        weights.eyes().ifPresent(eyes -> {
            Weights tower = eyes.tower();
            tensors.putAll(tower.frozen());
            tensors.putAll(eyes.named());
        });
        Map<String, Tensor> saved = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> saved.put(architecture.saved(name), tensor));
        return saved;
    }

    // an adapter on one of the two made two weights of what was one
    private boolean parted() {
        String matrix =
                architecture.language().get(architecture.language().size() - 1).name();
        List<Architecture.Weight> tables = architecture.embedding();
        return IntStream.range(0, tables.size())
                .anyMatch(
                        i -> matrix.equals(architecture.prefix() + tables.get(i).name())
                                && weights.embedding().get(i) != weights.words());
    }

    private static void put(
            Map<String, Tensor> all, String path, List<Architecture.Weight> names, List<Tensor> tensors) {
        for (int i = 0; i < names.size(); i++) {
            all.put(path + names.get(i).name(), tensors.get(i));
        }
    }

    private JsonObject config() {
        JsonObject config = architecture.saved(weights.source().config().json(), purpose);
        Optional<Head> head = weights.head();
        JsonArray classes = new JsonArray();
        classes.add(architecture.className(purpose));
        config.add("architectures", classes);
        config.remove("torch_dtype"); // how older versions call dtype
        config.addProperty("dtype", weights.embedding().get(0).dtype() == DType.BF16 ? "bfloat16" : "float32");
        head.ifPresent(own -> label(config, own));
        if (purpose == Purpose.WORDS && parted()) {
            config.addProperty("tie_word_embeddings", false);
        }
        return config;
    }

    private static void label(JsonObject config, Head head) {
        List<String> labels = head.regression() ? Head.unnamedLabels(1) : head.labels();
        JsonObject names = new JsonObject();
        JsonObject numbers = new JsonObject();
        for (int i = 0; i < labels.size(); i++) {
            names.addProperty(String.valueOf(i), labels.get(i));
            numbers.addProperty(labels.get(i), i);
        }
        config.remove("num_labels");
        config.add("id2label", names);
        config.add("label2id", numbers);
        config.addProperty("problem_type", head.regression() ? "regression" : "single_label_classification");
    }
}
