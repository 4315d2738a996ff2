// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;

/**
 * What both sides are given: start weights as PEFT folders, batches of token ids, texts to score. Documents are whole texts;
 * sentences are their first words, as long as the examples of GLUE that the paper scores.
 */
final class BenchInputs {

    static final int MAX_TOKENS = 128;
    static final double LORA_DROPOUT = 0.1;

    private static final int WORDS = 20;

    private BenchInputs() {}

    /**
     * Writes the folders {@code all}, {@code half} and one for each of {@code --forms} (or {@code none}), the files batches.json,
     * documents.json and sentences.json, and says what they are. The half is the one that CKA chooses, or with
     * {@code --half upper} the upper one: weights drawn at random give nothing to choose by.
     */
    static JsonObject write(Map<String, String> options) throws IOException {
        Path folder = Path.of(options.get("folder"));
        Files.createDirectories(folder);
        Task task = Task.load(options.get("task"));
        try (Transformer model = Transformer.load(options.get("model"))) {
            LayerSet half = options.get("half").equals("upper")
                    ? LayerSet.where(model.depth(), layer -> layer >= model.depth() / 2)
                    : Cka.scoreLayers(model, task.train().sample(256, 0)).topShare(0.5);
            start(model, task, recipe(model.layers(), "plain"), folder.resolve("all"));
            start(model, task, recipe(half, "plain"), folder.resolve("half"));
            String forms = options.get("forms");
            for (String form : forms.equals("none") ? new String[0] : forms.split(",")) {
                start(model, task, recipe(model.layers(), form), folder.resolve(form));
            }
            List<String> documents = task.train().sample(Integer.parseInt(options.get("texts")), 0).examples().stream()
                    .map(example -> example.texts().get(0))
                    .toList();
            List<String> sentences =
                    documents.stream().map(BenchInputs::beginning).toList();
            write(folder.resolve("documents.json"), texts(documents));
            write(folder.resolve("sentences.json"), texts(sentences));
            write(folder.resolve("batches.json"), batches(model.maxTokens(MAX_TOKENS), task.train(), options));
            JsonObject facts = new JsonObject();
            facts.addProperty("model", model.folder().toString());
            facts.addProperty("depth", model.depth());
            facts.addProperty("width", model.width());
            facts.addProperty("half", half.mask());
            facts.addProperty("task", task.name());
            facts.addProperty("documents", task.train().size());
            facts.addProperty("texts", documents.size());
            facts.addProperty("tokens in documents", tokens(model, documents));
            facts.addProperty("tokens in sentences", tokens(model, sentences));
            return facts;
        }
    }

    /** Returns what all rows train, on those layers: {@code plain}, {@code rank-stabilised}, {@code dora} or {@code pissa}. */
    static Lora recipe(LayerSet layers, String form) {
        Lora plain = Lora.on(layers).rank(8).alpha(16).dropout(LORA_DROPOUT);
        return switch (form) {
            case "plain" -> plain;
            case "rank-stabilised" -> plain.rankStabilised();
            case "dora" -> plain.dora();
            case "pissa" -> plain.pissa();
            default ->
                throw new IllegalArgumentException(
                        "form must be plain, rank-stabilised, dora or pissa; got \"" + form + "\"");
        };
    }

    // one step at the learning rate 0 changes nothing: A random, B zero, the head's first values
    private static void start(Transformer model, Task task, Lora recipe, Path folder) {
        recipe.train(
                        model,
                        task.train().head(1),
                        BenchTraining.TRAINING.epochs(1).learningRate(0))
                .adapter()
                .save(folder);
    }

    private static String beginning(String text) {
        return Arrays.stream(text.split(" ")).limit(WORDS).collect(Collectors.joining(" "));
    }

    private static int tokens(Transformer model, List<String> texts) {
        return texts.stream()
                .mapToInt(text -> model.tokens(text).table().rowCount())
                .sum();
    }

    private static JsonObject texts(List<String> texts) {
        JsonArray all = new JsonArray();
        texts.forEach(all::add);
        JsonObject file = new JsonObject();
        file.add("texts", all);
        return file;
    }

    // the order in which a first epoch would take them; a batch names its examples for our side and spells them for
    // PEFT
    private static JsonObject batches(Transformer model, Split split, Map<String, String> options) {
        int size = Integer.parseInt(options.get("batch"));
        int steps = Math.min(Integer.parseInt(options.get("steps")), split.size() / size);
        int[] order = new Seed(0).child("shuffle", 0).permutation(split.size());
        JsonArray batches = new JsonArray();
        for (int step = 0; step < steps; step++) {
            batches.add(batch(model, split, Arrays.copyOfRange(order, step * size, (step + 1) * size)));
        }
        JsonObject file = new JsonObject();
        file.add("batches", batches);
        return file;
    }

    private static JsonObject batch(Transformer model, Split split, int[] examples) {
        JsonObject batch = new JsonObject();
        for (String name : new String[] {"examples", "ids", "labels"}) {
            batch.add(name, new JsonArray());
        }
        for (int example : examples) {
            JsonArray ids = new JsonArray();
            model.tokens(split.example(example).texts().get(0))
                    .table()
                    .intColumn("id")
                    .forEach(ids::add);
            batch.getAsJsonArray("examples").add(example);
            batch.getAsJsonArray("ids").add(ids);
            batch.getAsJsonArray("labels").add(split.example(example).label());
        }
        return batch;
    }

    private static void write(Path file, JsonObject content) throws IOException {
        Files.writeString(file, new Gson().toJson(content));
    }
}
