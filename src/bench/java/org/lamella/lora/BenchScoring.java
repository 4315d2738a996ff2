// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;
import org.lamella.score.Cka;
import org.lamella.score.LayerScores;
import org.lamella.score.Protocol;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Scores the layers by the published protocol, with tokenizing, intervals and matrix: what one call of a person costs. */
final class BenchScoring implements BenchServer.Side {

    private final Transformer model;
    private final Split split;

    BenchScoring(Map<String, String> options) throws IOException {
        model = Transformer.load(Path.of(options.get("model")));
        JsonObject file = JsonParser.parseString(Files.readString(Path.of(options.get("texts"))))
                .getAsJsonObject();
        StringColumn text = StringColumn.create("text");
        StringColumn label = StringColumn.create("label");
        for (JsonElement element : file.getAsJsonArray("texts")) {
            text.append(element.getAsString());
            label.append(String.valueOf(text.size() % 2)); // labels are not looked at
        }
        Table table = Table.create("texts", text, label);
        split = Task.from(table)
                .text("text")
                .label("label")
                .validation(table.first(2))
                .test(table.first(2))
                .train();
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
