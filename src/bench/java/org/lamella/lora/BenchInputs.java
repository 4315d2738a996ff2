// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.data.Example;
import org.lamella.data.PromptFormat;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;
import org.lamella.tensor.DType;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What both sides are given: start weights as PEFT folders, batches of token ids, texts to score. Documents are whole texts;
 * sentences are their first words, as long as the examples of GLUE that the paper scores. Of a decoder: problems with their
 * solutions, prompts to go on after, and the model as a folder that Python reads.
 */
final class BenchInputs {

    static final double LORA_DROPOUT = 0.1;

    private static final int WORDS = 20;
    private static final int PROMPTS = 64;
    private static final int PROBLEMS = 32;
    private static final int SWEPT = 4;
    private static final int SHORT = 8;
    // what cross-entropy leaves out in Python
    static final int NOT_LEARNT = -100;

    private BenchInputs() {}

    /**
     * Writes the folders {@code all}, {@code half} and one for each of {@code --forms} (or {@code none}), the files batches.json,
     * documents.json and sentences.json, and says what they are. The half is the one that CKA chooses, or with
     * {@code --half upper} the upper one: weights drawn at random give nothing to choose by.
     */
    static JsonObject write(Map<String, String> options) throws IOException {
        Path folder = Path.of(options.get("folder"));
        Files.createDirectories(folder);
        Task task = task(options.get("task"));
        try (Transformer model = Transformer.load(options.get("model"))) {
            int most = Integer.parseInt(options.get("tokens"));
            Training how = training(most);
            LayerSet half = options.get("half").equals("upper")
                    ? LayerSet.where(model.depth(), layer -> layer >= model.depth() / 2)
                    : Cka.scoreLayers(model, task.train().sample(256, 0)).topShare(0.5);
            start(model, task, how, recipe(model, model.layers(), "plain"), folder.resolve("all"));
            start(model, task, how, recipe(model, half, "plain"), folder.resolve("half"));
            String forms = options.get("forms");
            for (String form : forms.equals("none") ? new String[0] : forms.split(",")) {
                start(model, task, how, recipe(model, model.layers(), form), folder.resolve(form));
            }
            List<String> documents = task.train().sample(Integer.parseInt(options.get("texts")), 0).examples().stream()
                    .map(BenchInputs::whole)
                    .toList();
            List<String> sentences =
                    documents.stream().map(BenchInputs::beginning).toList();
            if (model.writes()) {
                write(
                        folder.resolve("problems.json"),
                        texts(documents.subList(0, Math.min(PROBLEMS, documents.size()))));
            } else {
                write(folder.resolve("documents.json"), texts(documents));
            }
            write(folder.resolve("sentences.json"), texts(sentences));
            if (model.writes()) {
                write(folder.resolve("prompts.json"), texts(prompts(task.test().head(PROMPTS))));
                model.save(copied(options));
                model.dtype(DType.BF16).save(folder.resolve("model-bfloat16"));
                Split swept = task.train().head(SWEPT);
                recipe(model, model.layers(), "plain")
                        .train(model, swept, how.epochs(2).batchSize(SWEPT))
                        .adapter()
                        .save(folder.resolve("trained"));
                JsonArray one = new JsonArray();
                int[] every = IntStream.range(0, SWEPT).toArray();
                one.add(batch(model.maxTokens(most), swept, every, OptionalInt.of(end(copied(options)))));
                write(folder.resolve("swept.json"), file("batches", one));
            }
            write(folder.resolve("batches.json"), batches(model.maxTokens(most), task.train(), options));
            JsonObject facts = new JsonObject();
            facts.addProperty("model", (model.writes() ? copied(options) : model.folder()).toString());
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

    /** Returns a task by name; one with answers in the format of the paper's prompts, and questions about pictures by their file. */
    static Task task(String name) throws IOException {
        if (name.endsWith(".json")) {
            return BenchPictures.task(Path.of(name));
        }
        Task task = Task.load(name);
        return task.kind() == Task.Kind.GENERATION ? task.format(PromptFormat.alpaca()) : task;
    }

    /** Returns the training of all rows, as the peer's own: constant, 1e-3 unless a row says otherwise, no warm-up, weight decay 0.01, gradients clipped at 1. */
    static Training training(int maxTokens) {
        return Training.standard()
                .learningRate(1e-3)
                .schedule(Schedule.CONSTANT)
                .warmup(0)
                .weightDecay(0.01)
                .maxTokens(maxTokens);
    }

    /** Returns a model by its folder, computing in {@code float32} or {@code bfloat16}. */
    static Transformer model(Map<String, String> options) {
        DType dtype = options.get("dtype").equals("bfloat16") ? DType.BF16 : DType.F32;
        return Transformer.load(Path.of(options.get("model")), dtype);
    }

    /**
     * Returns what all rows train, on those layers: {@code plain}, {@code rank-stabilised}, {@code dora} or {@code pissa}; of
     * a model that writes pairs of rank 16 on every linear module.
     */
    static Lora recipe(Transformer model, LayerSet layers, String form) {
        Lora plain = model.writes()
                ? Lora.on(layers)
                        .rank(16)
                        .alpha(16)
                        .targets("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
                : Lora.on(layers).rank(8).alpha(16).dropout(LORA_DROPOUT);
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

    // where a model lies that Python could not read where it was
    private static Path copied(Map<String, String> options) {
        return Path.of(options.get("folder")).resolve("model");
    }

    // one step at the learning rate 0 changes nothing: A random, B zero, the head's first values
    static void start(Transformer model, Task task, Training how, Lora recipe, Path folder) {
        recipe.train(model, task.train().head(1), how.epochs(1).learningRate(0))
                .adapter()
                .save(folder);
    }

    static String whole(Example example) {
        return example.texts().get(0) + example.answer().orElse("");
    }

    private static List<String> prompts(Split split) {
        return split.examples().stream().map(example -> example.texts().get(0)).toList();
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
        return file("texts", all);
    }

    static JsonObject file(String name, JsonArray content) {
        JsonObject file = new JsonObject();
        file.add(name, content);
        return file;
    }

    /**
     * Returns the beginnings of texts as prompts, each of as many tokens as leave one in 64 to an answer of one token and the
     * one that ends it.
     */
    static Split shortAnswers(Transformer model, Path texts) throws IOException {
        StringColumn prompts = StringColumn.create("prompt");
        StringColumn answers = StringColumn.create("answer");
        for (JsonElement text : JsonParser.parseString(Files.readString(texts))
                .getAsJsonObject()
                .getAsJsonArray("texts")) {
            Optional<String> prompt = cut(model, text.getAsString().split(" "));
            if (prompt.isPresent() && prompts.size() < SHORT) {
                prompts.append(prompt.get());
                answers.append(" yes");
            }
        }
        return Task.from(Table.create("short answers", prompts, answers))
                .text("prompt")
                .answer("answer")
                .validation(0)
                .train();
    }

    // as many words as leave room for two tokens in twice 64; none of a text that is shorter
    private static Optional<String> cut(Transformer model, String[] words) {
        String prompt = "";
        for (String word : words) {
            String longer = prompt + word + " ";
            if (model.tokens(longer).table().rowCount() > 2 * 64 - 2) {
                return Optional.of(prompt.strip());
            }
            prompt = longer;
        }
        return Optional.empty();
    }

    // the order in which a first epoch would take them; a batch names its examples for our side and spells them for
    // PEFT
    private static JsonObject batches(Transformer model, Split split, Map<String, String> options) throws IOException {
        int size = Integer.parseInt(options.get("batch"));
        int steps = Math.min(Integer.parseInt(options.get("steps")), split.size() / size);
        int[] order = new Seed(0).child("shuffle", 0).permutation(split.size());
        OptionalInt end = model.writes() ? OptionalInt.of(end(copied(options))) : OptionalInt.empty();
        JsonArray batches = new JsonArray();
        for (int step = 0; step < steps; step++) {
            batches.add(batch(model, split, Arrays.copyOfRange(order, step * size, (step + 1) * size), end));
        }
        return file("batches", batches);
    }

    private static JsonObject batch(Transformer model, Split split, int[] examples, OptionalInt end) {
        JsonObject batch = new JsonObject();
        for (String name : new String[] {"examples", "ids", "labels"}) {
            batch.add(name, new JsonArray());
        }
        for (int example : examples) {
            JsonArray ids = ids(model, whole(split.example(example)));
            batch.getAsJsonArray("examples").add(example);
            if (end.isPresent()) {
                int prompt = ids(model, split.example(example).texts().get(0)).size();
                ended(ids, end.getAsInt(), model.maxTokens());
                batch.getAsJsonArray("labels").add(answers(ids, prompt));
            } else {
                batch.getAsJsonArray("labels").add(split.example(example).label());
            }
            batch.getAsJsonArray("ids").add(ids);
        }
        return batch;
    }

    private static JsonArray ids(Transformer model, String text) {
        JsonArray ids = new JsonArray();
        model.tokens(text).table().intColumn("id").forEach(ids::add);
        return ids;
    }

    // where there is room for it
    private static void ended(JsonArray ids, int end, int most) {
        if (ids.size() < most) {
            ids.add(end);
        }
    }

    // the token that ends an answer
    private static int end(Path model) throws IOException {
        return JsonParser.parseString(Files.readString(model.resolve("config.json")))
                .getAsJsonObject()
                .get("eos_token_id")
                .getAsInt();
    }

    static JsonArray answers(JsonArray ids, int prompt) {
        JsonArray labels = new JsonArray();
        for (int i = 0; i < ids.size(); i++) {
            labels.add(i < prompt ? NOT_LEARNT : ids.get(i).getAsInt());
        }
        return labels;
    }

    static void write(Path file, JsonObject content) throws IOException {
        Files.writeString(file, new Gson().toJson(content));
    }
}
