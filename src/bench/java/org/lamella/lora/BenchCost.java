// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Batches;
import org.lamella.model.Pass;
import org.lamella.model.Position;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;

/**
 * What {@link Cost} says of the step of a row, beside what such steps take: on texts that all fill their tokens, as Cost
 * counts them, and, said only, on the texts that the row has.
 *
 * <p>Java's heap must be fixed and touched from the start, or what it gains is counted; and the C library must give back what
 * was freed ({@code MALLOC_MMAP_THRESHOLD_}, {@code MALLOC_ARENA_MAX}), or what it hoards is.
 */
final class BenchCost implements BenchServer.Side {

    private static final double MIB = 1 << 20;

    private final Transformer model;
    private final Task task;
    private final Lora recipe;
    private final Training how;
    private final Pass pass;
    private final Map<Length, Integer> lengths;
    private final int steps;

    BenchCost(Map<String, String> options) throws IOException {
        boolean dropout = options.get("dropout").equals("on");
        int most = Integer.parseInt(options.get("tokens"));
        model = BenchInputs.model(options).maxTokens(most);
        task = BenchInputs.task(options.get("task"));
        recipe = BenchInputs.recipe(model, LayerSet.parse(options.get("layers")), options.get("form"))
                .dropout(dropout ? BenchInputs.LORA_DROPOUT : 0);
        how = BenchInputs.training(most)
                .batchSize(Integer.parseInt(options.get("batch")))
                .baseDropout(dropout);
        pass = model.pass().withDropout(dropout, recipe.dropout());
        lengths = new HashMap<>();
        steps = count(Path.of(options.get("batches")));
    }

    // how many texts of the row's batches have how many tokens
    private int count(Path batches) throws IOException {
        int found = 0;
        for (JsonElement batch : JsonParser.parseString(Files.readString(batches))
                .getAsJsonObject()
                .getAsJsonArray("batches")) {
            found++;
            JsonArray ids = batch.getAsJsonObject().getAsJsonArray("ids");
            JsonArray labels = batch.getAsJsonObject().getAsJsonArray("labels");
            for (int i = 0; i < ids.size(); i++) {
                lengths.merge(new Length(ids.get(i).getAsJsonArray().size(), learnt(labels.get(i))), 1, Integer::sum);
            }
        }
        return found;
    }

    /** A text: its tokens, and how many of them are learnt; a label is one. */
    private record Length(int tokens, int learnt) {}

    private static int learnt(JsonElement label) {
        if (!label.isJsonArray()) {
            return 1;
        }
        int learnt = 0;
        for (JsonElement token : label.getAsJsonArray()) {
            learnt += token.getAsInt() == BenchInputs.NOT_LEARNT ? 0 : 1;
        }
        return learnt;
    }

    // the mean over the texts
    private int learnt(Split texts) {
        Batches batches = model.batches(texts);
        return Math.toIntExact(Math.round(IntStream.range(0, texts.size())
                .mapToLong(batches::weight)
                .average()
                .orElseThrow()));
    }

    private Cost headed(Cost cost, int learnt) {
        return model.writes()
                ? cost.answers(learnt)
                : cost.outputs(task.labels().size());
    }

    @Override
    public JsonObject facts() {
        JsonObject facts = new JsonObject();
        facts.addProperty("recipe", recipe.recipe());
        facts.addProperty("tokens", model.maxTokens());
        return facts;
    }

    /** Makes that many steps; what they took is the fastest, which others disturbed least, as Cost's own speeds are. */
    @Override
    public JsonObject run(int count) {
        Split texts = longest();
        Cost cost = headed(Cost.of(model, recipe, how), learnt(texts));
        // every library is loaded, every function compiled, and what libraries keep for products of this size is there,
        // before memory is looked at
        seconds(model.writes() ? model : model.maxTokens(8), task.train().head(1), count); // answers come after prompts
        model.representations(texts, Position.LAST);
        double before = BenchServer.memory("RssAnon");
        forgetPeak();
        double took = seconds(model, texts, count);
        double peak = BenchServer.memory("VmHWM") - BenchServer.memory("RssFile") - BenchServer.memory("RssShmem");
        double said = cost.seconds();

        JsonObject answer = new JsonObject();
        answer.addProperty("flops", cost.flops());
        answer.addProperty("layer_flops", cost.flopsBelow(1));
        answer.addProperty("last_flops", cost.flopsBelow(model.depth()) - cost.flopsBelow(model.depth() - 1));
        answer.addProperty("head_flops", cost.flops() - cost.flopsBelow(model.depth()));
        answer.addProperty("weights_mib", (cost.bytes() - cost.allocated()) / MIB);
        answer.addProperty("said_mib", cost.allocated() / MIB);
        answer.addProperty("took_mib", peak - before);
        answer.addProperty("said_s", said);
        answer.addProperty("took_s", took);
        double flops = flopsOfRow();
        answer.addProperty("row_flops", flops);
        answer.addProperty("row_said_s", said * flops / cost.flops());
        return answer;
    }

    // the mean over the row's batches, each text by itself: nothing is padded
    private double flopsOfRow() {
        double sum = 0;
        for (Map.Entry<Length, Integer> length : lengths.entrySet()) {
            Training one = how.batchSize(1).maxTokens(length.getKey().tokens());
            sum += length.getValue()
                    * headed(Cost.of(model, recipe, one), length.getKey().learnt())
                            .flops();
        }
        return sum / steps;
    }

    // texts that fill all their tokens
    private Split longest() {
        Split split = task.train();
        Batches batches = model.batches(split);
        int[] full = IntStream.range(0, split.size())
                .filter(i -> batches.length(i) == model.maxTokens())
                .limit(how.batchSize())
                .toArray();
        if (full.length < how.batchSize()) {
            throw new IllegalStateException(
                    "texts of " + model.maxTokens() + " tokens must be " + how.batchSize() + "; got " + full.length);
        }
        return split.only(full);
    }

    private double seconds(Transformer cutting, Split split, int count) {
        List<List<int[]>> plan =
                List.of(List.of(IntStream.range(0, split.size()).toArray()));
        List<Double> seconds = new ArrayList<>();
        try (Adapter adapter = FreshAdapter.of(recipe, cutting, split, how)) {
            Trainer trainer = Trainer.of(recipe, cutting, how, adapter, cutting.batches(split), plan);
            try (AdamW optimizer = trainer.optimizer();
                    LastGood good = new LastGood(trainer.trained())) {
                trainer.step(pass, optimizer, good, 0);
                for (int i = 0; i < count; i++) {
                    long start = System.nanoTime();
                    trainer.step(pass, optimizer, good, 0);
                    seconds.add((System.nanoTime() - start) / 1e9);
                }
            }
        }
        return seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    // Linux: the largest resident memory is counted from here on
    private static void forgetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
