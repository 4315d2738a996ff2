// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Batches;
import org.lamella.model.Golden;
import org.lamella.model.Head;
import org.lamella.model.PaddedBatch;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Reads what make.py recorded of PEFT's gradients and trainings. */
final class GoldenTraining {

    private static final Pattern PAIR = Pattern.compile(
            "base_model\\.model\\.(\\w+\\.encoder\\.layer|model\\.layers)\\.(\\d+)\\.(.+)\\.lora_A\\.weight");
    private static final List<String> LABELS =
            IntStream.range(0, 8).mapToObj(String::valueOf).toList();

    private GoldenTraining() {}

    static JsonObject json(String name) {
        try {
            return new Gson().fromJson(Files.readString(Golden.path(name)), JsonObject.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] numbers(JsonArray array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsDouble();
        }
        return values;
    }

    static int[] integers(JsonArray array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsInt();
        }
        return values;
    }

    /** Returns the recipe that a golden file describes under "lora"; null there means the head alone. */
    static Lora recipe(JsonElement lora) {
        if (lora.isJsonNull()) {
            return Lora.headOnly();
        }
        JsonObject json = lora.getAsJsonObject();
        Lora recipe = Lora.on(LayerSet.of(4, integers(json.getAsJsonArray("layers"))))
                .rank(json.get("rank").getAsInt())
                .alpha(json.get("alpha").getAsDouble())
                .targets(new Gson().fromJson(json.get("targets"), String[].class));
        recipe = json.get("rank_stabilised").getAsBoolean() ? recipe.rankStabilised() : recipe;
        recipe = json.get("dora").getAsBoolean() ? recipe.dora() : recipe;
        recipe = json.get("pissa").getAsBoolean() ? recipe.pissa() : recipe;
        recipe = json.get("biases").getAsBoolean() ? recipe.trainBiases() : recipe;
        recipe = json.has("all_biases") ? recipe.trainAllBiases() : recipe;
        return json.get("pooler").getAsBoolean() ? recipe.trainPooler() : recipe;
    }

    /** Returns the adapter whose tensors stand in a file under a prefix. */
    static Adapter adapter(Lora recipe, SafeTensors file, String prefix, boolean regression) {
        Adapter.Owner owner = new Adapter.Owner();
        Map<Integer, Map<String, Pair>> pairs = new TreeMap<>();
        Map<String, Tensor> head = new LinkedHashMap<>();
        Map<String, Tensor> whole = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            for (String key : file.names()) {
                if (!key.startsWith(prefix)) {
                    continue;
                }
                if (!key.contains(".lora_") && !key.contains(".base_layer.")) {
                    String name = key.substring((prefix + "base_model.model.").length());
                    (name.contains("classifier") || name.contains("pooler") ? head : whole)
                            .put(name, copy(file.tensor(key, scope), owner.scope()));
                }
                Matcher matcher = PAIR.matcher(key.substring(prefix.length()));
                if (matcher.matches()) {
                    Tensor down = copy(file.tensor(key, scope), owner.scope());
                    Tensor up = copy(file.tensor(key.replace("lora_A", "lora_B"), scope), owner.scope());
                    boolean stabilised = recipe.form().rankStabilised();
                    Pair pair = Pair.of(down, up, recipe.alpha(), stabilised, owner.scope());
                    if (recipe.form().principal()) {
                        pair = pair.startingPrincipal();
                    }
                    if (recipe.form().biases() != Form.Biases.FROZEN) {
                        String bias = key.replace("lora_A.weight", "base_layer.bias");
                        pair = pair.bias(copy(file.tensor(bias, scope), owner.scope()));
                    }
                    if (recipe.form().decomposed()) {
                        String lengths = key.replace("lora_A", "lora_magnitude_vector");
                        pair = pair.magnitude(copy(file.tensor(lengths, scope), owner.scope()));
                    }
                    pairs.computeIfAbsent(Integer.parseInt(matcher.group(2)), layer -> new LinkedHashMap<>())
                            .put(matcher.group(3), pair);
                }
            }
        }
        Origin origin = new Origin(
                "golden", Map.of(), Double.NaN, 64, List.of(), List.of(), List.of(), "golden", new JsonObject());
        Optional<Head> answering =
                head.isEmpty() ? Optional.empty() : Optional.of(Head.of(regression ? List.of() : LABELS, head));
        return new Adapter(owner, pairs, answering, origin, 4, Place.UNKNOWN).whole(Whole.of(whole));
    }

    private static Tensor copy(Tensor tensor, Scope owner) {
        return owner.floats(tensor.floats(), tensor.shape());
    }

    /** Returns the 96 examples as batches with the tokens that Python recorded. */
    static Batches examples(String family, boolean regression) {
        List<long[]> ids = new ArrayList<>();
        List<long[]> types = new ArrayList<>();
        StringColumn text = StringColumn.create("text");
        StringColumn label = StringColumn.create("label");
        DoubleColumn target = DoubleColumn.create("target");
        for (JsonElement element : json(family + "/training/examples.json").getAsJsonArray("examples")) {
            JsonObject example = element.getAsJsonObject();
            text.append("example " + ids.size());
            label.append(example.get("label").getAsString());
            target.append(example.get("target").getAsDouble());
            ids.add(longs(example.getAsJsonArray("ids")));
            types.add(longs(example.getAsJsonArray("type_ids")));
        }
        Table table = Table.create("golden", text, label, target);
        Split train = task(table, regression).train();
        return Golden.batches(train, ids, types);
    }

    /** Returns a padded batch with its labels or targets as the examples of a split. */
    static Batches labelled(PaddedBatch padded, SafeTensors file, boolean regression, Scope scope) {
        long[] labels = file.tensor("batch.labels", scope).longs();
        float[] targets = file.tensor("batch.targets", scope).floats();
        StringColumn text = StringColumn.create("text");
        StringColumn label = StringColumn.create("label");
        DoubleColumn target = DoubleColumn.create("target");
        for (int i = 0; i < labels.length; i++) {
            text.append("example " + i);
            label.append(String.valueOf(labels[i]));
            target.append(targets[i]);
        }
        Table table = Table.create("golden", text, label, target);
        return padded.batches(task(table, regression).train());
    }

    private static Task task(Table table, boolean regression) {
        Task task = regression
                ? Task.from(table).text("text").target("target")
                : Task.from(table).text("text").label("label").labels(LABELS.toArray(String[]::new));
        return task.validation(table).test(table);
    }

    private static long[] longs(JsonArray array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsLong();
        }
        return values;
    }

    static Transformer model(String family, String name) {
        return Transformer.load(Golden.path(family + "/" + name));
    }
}
