// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.model.Batch;
import org.lamella.model.Batches;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/**
 * Looks at all pictures, from their files on: decoded, resized, cut, normalised, and the states of the patches after the last
 * layer but one, which is what LLaVA takes. Some of these numbers are told, so that they can be compared.
 */
final class BenchSeeing implements BenchServer.Side {

    // B pictures, P places of each with the class token, D width: (B P, D) -> (B (P - 1), D)
    private static final Script SCRIPT = Script.compile("""
            def patches(self, x: Tensor, places: int) -> Tensor:
              width = torch.size(x, 1)
              grid = torch.view(x, [-1, places, width])
              return torch.reshape(torch.slice(grid, 1, 1), [-1, width])
            """);
    // of each picture so many patches, evenly, and of each so many numbers
    private static final int PATCHES = 4;
    private static final int NUMBERS = 8;

    private final Transformer tower;
    private final Batches batches;
    private final int size;

    BenchSeeing(Map<String, String> options) throws IOException {
        tower = Transformer.load(Path.of(options.get("model")));
        batches = tower.batches(
                BenchPictures.pictures(Path.of(options.get("questions"))).train());
        size = Integer.parseInt(options.get("batch"));
    }

    private int count() {
        return batches.split().size();
    }

    @Override
    public JsonObject facts() {
        JsonObject facts = new JsonObject();
        facts.addProperty("pictures", count());
        return facts;
    }

    @Override
    public JsonObject run(int count) {
        JsonObject answer = new JsonObject();
        List.of("wall", "cpu").forEach(name -> answer.add(name, new JsonArray()));
        for (int i = 0; i < count; i++) {
            answer.add("features", new JsonArray());
            see(answer);
        }
        return answer;
    }

    // what is told is picked out between the batches, while no clock runs
    private void see(JsonObject answer) {
        double wall = 0;
        double cpu = 0;
        for (int first = 0; first < count(); first += size) {
            int[] pictures =
                    IntStream.range(first, Math.min(first + size, count())).toArray();
            try (Scope scope = Scope.open()) {
                double processor = BenchServer.processorSeconds();
                long start = System.nanoTime();
                Tensor features = features(pictures, scope);
                wall += (System.nanoTime() - start) / 1e9;
                cpu += BenchServer.processorSeconds() - processor;
                tell(features.floats(), pictures.length, answer.getAsJsonArray("features"));
            }
        }
        answer.getAsJsonArray("wall").add(wall);
        answer.getAsJsonArray("cpu").add(cpu);
    }

    private Tensor features(int[] pictures, Scope scope) {
        Pass pass = tower.pass();
        Batch batch = batches.of(pictures, scope);
        Tensor state = pass.embed(batch, scope);
        for (int layer = 0; layer < tower.depth() - 1; layer++) {
            Tensor before = state;
            state = pass.layer(layer, before, batch, Optional.empty(), scope);
            before.close();
        }
        return SCRIPT.call("patches").with(state).with(tower.maxTokens()).one(scope);
    }

    private void tell(float[] features, int pictures, JsonArray told) {
        int patches = tower.maxTokens() - 1;
        for (int i = 0; i < pictures; i++) {
            for (int p = 0; p < PATCHES; p++) {
                int from = (i * patches + p * patches / PATCHES) * tower.width();
                for (int n = 0; n < NUMBERS; n++) {
                    told.add(features[from + n]);
                }
            }
        }
    }
}
