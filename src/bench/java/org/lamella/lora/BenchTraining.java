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
import java.util.stream.IntStream;
import org.lamella.data.Split;
import org.lamella.model.Batches;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;
import org.lamella.tensor.Torch;

/** Makes the optimizer steps of a training, as many as it is told, over the batches of a file. */
final class BenchTraining implements BenchServer.Side {

    private final Adapter adapter;
    private final Batches batches;
    private final List<int[]> plan = new ArrayList<>();
    private final Trainer trainer;
    private final LastGood good;
    private final AdamW optimizer;
    private final Pass pass;
    private int steps;

    BenchTraining(Map<String, String> options) throws IOException {
        Training training = BenchInputs.training(Integer.parseInt(options.get("tokens")))
                .learningRate(Double.parseDouble(options.get("learning-rate")));
        Transformer model = BenchInputs.model(options).maxTokens(training.maxTokens());
        Split split = BenchInputs.task(options.get("task")).train();
        for (JsonElement batch : JsonParser.parseString(Files.readString(Path.of(options.get("batches"))))
                .getAsJsonObject()
                .getAsJsonArray("batches")) {
            plan.add(examples(batch.getAsJsonObject()));
        }
        boolean dropout = options.get("dropout").equals("on");
        adapter = Adapter.load(Path.of(options.get("adapter"))).fittedTo(model);
        batches = model.batches(split);
        trainer = Trainer.of(
                Lora.on(adapter.layers()),
                model,
                training,
                adapter,
                batches,
                plan.stream().map(List::of).toList());
        good = new LastGood(trainer.trained());
        optimizer = trainer.optimizer();
        pass = dropout ? model.pass().withDropout(true, BenchInputs.LORA_DROPOUT) : model.pass();
        Torch.seed(0);
    }

    private static int[] examples(JsonObject batch) {
        JsonArray examples = batch.getAsJsonArray("examples");
        return IntStream.range(0, examples.size())
                .map(i -> examples.get(i).getAsInt())
                .toArray();
    }

    @Override
    public JsonObject facts() {
        JsonObject facts = new JsonObject();
        facts.addProperty("trainable", adapter.parameters());
        facts.addProperty("batches", plan.size());
        return facts;
    }

    @Override
    public JsonObject run(int count) {
        JsonObject answer = new JsonObject();
        List.of("wall", "cpu", "loss", "tokens", "cells").forEach(name -> answer.add(name, new JsonArray()));
        for (int i = 0; i < count; i++) {
            step(answer, steps++ % plan.size());
        }
        return answer;
    }

    private void step(JsonObject answer, int number) {
        int[] examples = plan.get(number);
        double processor = BenchServer.processorSeconds();
        long start = System.nanoTime();
        Trainer.Step step = trainer.step(pass, optimizer, good, number);
        answer.getAsJsonArray("wall").add((System.nanoTime() - start) / 1e9);
        answer.getAsJsonArray("cpu").add(BenchServer.processorSeconds() - processor);
        answer.getAsJsonArray("loss").add(step.loss());
        answer.getAsJsonArray("tokens").add(step.tokens());
        int columns = Arrays.stream(examples).map(batches::length).max().orElseThrow();
        answer.getAsJsonArray("cells").add(columns * examples.length);
    }
}
