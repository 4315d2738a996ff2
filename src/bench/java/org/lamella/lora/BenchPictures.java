// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;
import org.lamella.base.picture.Bitmap;
import org.lamella.base.picture.Picture;
import org.lamella.data.Card;
import org.lamella.data.Example;
import org.lamella.data.Home;
import org.lamella.data.PromptFormat;
import org.lamella.data.Task;
import org.lamella.model.Batches;
import org.lamella.model.Llava;
import org.lamella.model.Projector;
import org.lamella.model.Transformer;
import org.lamella.model.VisionShape;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What both sides of the rows with pictures are given: a random vision tower, the same before a language model, start weights,
 * and questions about pictures. Those are easy-VQA's where it is at hand, else squares of a colour drawn here.
 */
final class BenchPictures {

    private static final String MARK = "<image>";
    private static final String QUESTIONS = "questions.json";
    private static final int MOST = 64;
    private static final VisionShape SHAPE = new VisionShape(224, 16, 384, 6, 6, 1536);
    private static final PromptFormat FORMAT = PromptFormat.of(MARK + "\n{prompt}\nAnswer: {answer}");
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    private BenchPictures() {}

    /**
     * Writes the folders {@code tower}, {@code model}, {@code all} (start weights of every layer and the projector) and {@code
     * pictures}, the files questions.json and batches.json, and says what they are.
     */
    static JsonObject write(Map<String, String> options) throws IOException {
        Path folder = Path.of(options.get("folder"));
        Files.createDirectories(folder);
        boolean real = isThere(options.get("task"));
        int count = Math.min(MOST, Integer.parseInt(options.get("texts")));
        List<Example> examples = real
                ? Task.load(options.get("task"))
                        .answers()
                        .train()
                        .sample(count, 0)
                        .examples()
                : drawn(count);
        BenchInputs.write(folder.resolve(QUESTIONS), questions(examples, folder.resolve("pictures")));
        Task task = task(folder.resolve(QUESTIONS));
        int most = Integer.parseInt(options.get("tokens"));
        try (Transformer words = Transformer.load(options.get("model"));
                Transformer tower = SHAPE.fresh(folder.resolve("tower"), 0);
                Transformer model = Llava.assemble(tower, Projector.seeded(0), words)) {
            model.save(folder.resolve("model"));
            Lora every = BenchInputs.recipe(model, model.layers(), "plain").trainProjector();
            BenchInputs.start(model, task, BenchInputs.training(most), every, folder.resolve("all"));
            Batches batches = model.maxTokens(most).batches(task.train());
            BenchInputs.write(
                    folder.resolve("batches.json"),
                    batches(words, batches, folder, Integer.parseInt(options.get("batch"))));
            JsonObject facts = new JsonObject();
            facts.addProperty("model", folder.resolve("model").toString());
            facts.addProperty("depth", model.depth());
            facts.addProperty("width", model.width());
            facts.addProperty(
                    "half",
                    LayerSet.where(model.depth(), layer -> layer >= model.depth() / 2)
                            .mask());
            facts.addProperty("task", folder.resolve(QUESTIONS).toString());
            facts.addProperty("texts", task.train().size());
            facts.addProperty("questions", real ? options.get("task") : "drawn squares");
            facts.addProperty("side", SHAPE.side());
            facts.addProperty("patch", SHAPE.patch());
            facts.addProperty("tower width", SHAPE.width());
            facts.addProperty("tower layers", SHAPE.layers());
            return facts;
        }
    }

    private static boolean isThere(String name) {
        return Home.data().filter(data -> Files.isDirectory(data.resolve(name))).isPresent()
                || Card.task(name).installed();
    }

    // squares in a noisy ground, of any size
    private static List<Example> drawn(int count) {
        SplittableRandom random = new Seed(0).child("pictures").random();
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int width = 48 + random.nextInt(48);
            int height = 48 + random.nextInt(48);
            int colour = i % COLOURS.size();
            byte[] rgb = new byte[3 * width * height];
            for (int at = 0; at < rgb.length; at++) {
                int x = at / 3 % width;
                int y = at / 3 / width;
                boolean within = x >= 12 && x < 36 && y >= 12 && y < 36;
                rgb[at] = (byte) (within ? at % 3 == colour ? 230 : 20 : 180 + random.nextInt(40));
            }
            Picture picture =
                    Picture.of("square " + i, Bitmap.of(width, height, rgb).png());
            examples.add(Example.answered("what colour is the square?", COLOURS.get(colour))
                    .pictures(List.of(picture)));
        }
        return examples;
    }

    // pictures as files, which both sides read
    private static JsonObject questions(List<Example> examples, Path folder) throws IOException {
        Files.createDirectories(folder);
        JsonObject questions = new JsonObject();
        for (String name : new String[] {"pictures", "prompts", "answers"}) {
            questions.add(name, new JsonArray());
        }
        for (int i = 0; i < examples.size(); i++) {
            Path file = folder.resolve(i + ".png");
            Files.write(file, examples.get(i).pictures().get(0).bytes());
            questions.getAsJsonArray("pictures").add(file.toString());
            questions.getAsJsonArray("prompts").add(examples.get(i).texts().get(0));
            questions.getAsJsonArray("answers").add(examples.get(i).answer().orElseThrow());
        }
        return questions;
    }

    /** Returns the questions of a file as a task with answers. */
    static Task task(Path file) throws IOException {
        Table table =
                Table.create("questions", column(file, "pictures"), column(file, "prompts"), column(file, "answers"));
        return Task.from(table)
                .image("pictures")
                .text("prompts")
                .answer("answers")
                .validation(table)
                .test(table)
                .format(FORMAT);
    }

    /** Returns the pictures of such a file as a task of their own, for a tower. */
    static Task pictures(Path file) throws IOException {
        Table table = Table.create("pictures", column(file, "pictures"), column(file, "answers"));
        return Task.from(table)
                .image("pictures")
                .label("answers")
                .validation(table)
                .test(table);
    }

    private static StringColumn column(Path file, String name) throws IOException {
        return StringColumn.create(
                name,
                JsonParser.parseString(Files.readString(file)).getAsJsonObject().getAsJsonArray(name).asList().stream()
                        .map(JsonElement::getAsString)
                        .toList());
    }

    // the examples in shuffled order, as numbers for our side and spelt out for Python: each patch is a token of its
    // own
    private static JsonObject batches(Transformer words, Batches batches, Path folder, int size) throws IOException {
        JsonObject config = JsonParser.parseString(Files.readString(folder.resolve("model/config.json")))
                .getAsJsonObject();
        StringColumn files = column(folder.resolve(QUESTIONS), "pictures");
        int[] order =
                new Seed(0).child("shuffle", 0).permutation(batches.split().size());
        JsonArray all = new JsonArray();
        for (int first = 0; first + size <= order.length; first += size) {
            JsonObject batch = new JsonObject();
            for (String name : new String[] {"examples", "ids", "labels", "pictures"}) {
                batch.add(name, new JsonArray());
            }
            for (int example : Arrays.copyOfRange(order, first, first + size)) {
                JsonArray ids = ids(words, batches, example, config);
                batch.getAsJsonArray("examples").add(example);
                batch.getAsJsonArray("ids").add(ids);
                batch.getAsJsonArray("labels").add(BenchInputs.answers(ids, ids.size() - batches.weight(example)));
                batch.getAsJsonArray("pictures").add(files.get(example));
            }
            all.add(batch);
        }
        return BenchInputs.file("batches", all);
    }

    private static JsonArray ids(Transformer words, Batches batches, int example, JsonObject config) {
        JsonArray ids = new JsonArray();
        for (int i = 0; i < config.get("image_seq_length").getAsInt(); i++) {
            ids.add(config.get("image_token_index"));
        }
        String text = BenchInputs.whole(batches.split().example(example));
        words.tokens(text.substring(MARK.length())).table().intColumn("id").forEach(ids::add);
        ids.add(config.getAsJsonObject("text_config").get("eos_token_id"));
        if (!text.startsWith(MARK) || ids.size() != batches.length(example)) {
            throw new IllegalStateException(
                    "question must have " + batches.length(example) + " tokens; got " + ids.size() + " of " + text);
        }
        return ids;
    }
}
