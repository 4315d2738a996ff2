// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;
import org.lamella.score.LayerScores;
import org.lamella.score.Protocol;

/** Scores the layers by the published protocol, with tokenizing, intervals and matrix: what one call of a person costs. */
final class BenchScoring implements BenchServer.Side {

    private final Transformer model;
    private final Split split;

    BenchScoring(Map<String, String> options) {
        model = Transformer.load(Path.of(options.get("model")));
        split = BenchInputs.scored(Task.load(options.get("task")), Integer.parseInt(options.get("texts")));
    }

    @Override
    public JsonObject facts() {
        JsonObject facts = new JsonObject();
        facts.addProperty("texts", split.size());
        return facts;
    }

    @Override
    public JsonObject run(int count) {
        JsonArray wall = new JsonArray();
        JsonArray cpu = new JsonArray();
        JsonArray scores = new JsonArray();
        for (int i = 0; i < count; i++) {
            double processor = BenchServer.processorSeconds();
            long start = System.nanoTime();
            LayerScores scored = Cka.scoreLayers(model, split, Protocol.published());
            wall.add((System.nanoTime() - start) / 1e9);
            cpu.add(BenchServer.processorSeconds() - processor);
            if (i == count - 1) {
                Arrays.stream(scored.values()).forEach(scores::add);
            }
        }
        JsonObject answer = new JsonObject();
        answer.add("wall", wall);
        answer.add("cpu", cpu);
        answer.add("scores", scores);
        return answer;
    }
}
