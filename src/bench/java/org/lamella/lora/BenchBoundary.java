// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.boundary.Boundary;
import org.lamella.boundary.Sweep;
import org.lamella.data.Split;
import org.lamella.model.Batches;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;

/**
 * Sweeps the boundaries of a trained adapter, or reads its answers after every layer, or, to compare that with, answers as
 * often without reading below the last layer.
 */
final class BenchBoundary implements BenchServer.Side {

    private final Transformer model;
    private final Adapter adapter;
    private final Split split;
    private final String way;

    BenchBoundary(Map<String, String> options) throws IOException {
        way = options.get("way");
        model = Transformer.load(Path.of(options.get("model"))).maxTokens(Integer.parseInt(options.get("tokens")));
        adapter = Adapter.load(Path.of(options.get("adapter"))).fittedTo(model);
        split = way.equals("sweep")
                ? BenchInputs.task(options.get("task")).train().only(examples(Path.of(options.get("batches"))))
                : BenchInputs.shortAnswers(model, Path.of(options.get("texts")));
    }

    private static int[] examples(Path batches) throws IOException {
        return JsonParser.parseString(Files.readString(batches))
                .getAsJsonObject()
                .getAsJsonArray("batches")
                .asList()
                .stream()
                .flatMap(batch -> batch.getAsJsonObject().getAsJsonArray("examples").asList().stream())
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    @Override
    public JsonObject facts() {
        JsonObject facts = new JsonObject();
        Batches batches = model.batches(split);
        int[] all = IntStream.range(0, split.size()).toArray();
        facts.addProperty("texts", split.size());
        facts.addProperty("tokens", IntStream.of(all).map(batches::length).sum());
        facts.addProperty("scored", IntStream.of(all).map(batches::weight).sum());
        return facts;
    }

    @Override
    public JsonObject run(int count) {
        JsonObject answer = new JsonObject();
        List.of("wall", "cpu").forEach(name -> answer.add(name, new JsonArray()));
        for (int i = 0; i < count; i++) {
            double processor = BenchServer.processorSeconds();
            long start = System.nanoTime();
            answer.add("losses", losses());
            answer.getAsJsonArray("wall").add((System.nanoTime() - start) / 1e9);
            answer.getAsJsonArray("cpu").add(BenchServer.processorSeconds() - processor);
        }
        return answer;
    }

    // one for each boundary, in the mean over all tokens as PEFT has it; of a reading those of both models at their end
    private JsonArray losses() {
        JsonArray losses = new JsonArray();
        switch (way) {
            case "sweep" -> {
                Sweep sweep = Boundary.sweep(model, adapter, split);
                IntStream.rangeClosed(0, sweep.depth())
                        .forEach(b -> losses.add(loss(sweep.evaluation(b).predictions())));
            }
            case "curve" -> Boundary.trace(model, adapter, split);
            default -> {
                losses.add(loss(model.with(adapter).predict(split)));
                losses.add(loss(model.predict(split)));
            }
        }
        return losses;
    }

    private static double loss(Predictions predictions) {
        double sum = 0;
        int tokens = 0;
        for (int i = 0; i < predictions.size(); i++) {
            sum += predictions.loss(i) * predictions.answerTokens(i);
            tokens += predictions.answerTokens(i);
        }
        return sum / tokens;
    }
}
