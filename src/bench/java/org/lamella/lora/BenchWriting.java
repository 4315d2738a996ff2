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
import java.util.List;
import java.util.Map;
import org.lamella.model.Generation;
import org.lamella.model.Transformer;

/** Goes on after prompts, greedily, a batch at a time; with an adapter below a boundary where one is given. */
final class BenchWriting implements BenchServer.Side {

    private final Transformer model;
    private final List<String> prompts = new ArrayList<>();
    private final Generation greedy;
    private int next;

    BenchWriting(Map<String, String> options) throws IOException {
        Transformer bare = Transformer.load(Path.of(options.get("model")));
        model = options.containsKey("adapter")
                ? bare.with(
                        Adapter.load(Path.of(options.get("adapter"))).keeping(Integer.parseInt(options.get("keep"))))
                : bare;
        for (JsonElement text : JsonParser.parseString(Files.readString(Path.of(options.get("texts"))))
                .getAsJsonObject()
                .getAsJsonArray("texts")) {
            prompts.add(text.getAsString());
        }
        greedy = Generation.greedy()
                .maxTokens(Integer.parseInt(options.get("tokens")))
                .batchSize(Integer.parseInt(options.get("batch")));
    }

    @Override
    public JsonObject facts() {
        JsonObject facts = new JsonObject();
        facts.addProperty("texts", prompts.size());
        return facts;
    }

    @Override
    public JsonObject run(int count) {
        JsonObject answer = new JsonObject();
        List.of("wall", "cpu", "texts").forEach(name -> answer.add(name, new JsonArray()));
        for (int i = 0; i < count; i++) {
            List<String> batch = batch();
            double processor = BenchServer.processorSeconds();
            long start = System.nanoTime();
            List<String> texts = model.generate(batch, greedy).texts();
            answer.getAsJsonArray("wall").add((System.nanoTime() - start) / 1e9);
            answer.getAsJsonArray("cpu").add(BenchServer.processorSeconds() - processor);
            texts.forEach(answer.getAsJsonArray("texts")::add);
        }
        return answer;
    }

    // the next prompts, from the first again after the last
    private List<String> batch() {
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < greedy.batchSize(); i++) {
            batch.add(prompts.get(next++ % prompts.size()));
        }
        return batch;
    }
}
