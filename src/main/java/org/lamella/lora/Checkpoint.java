// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.tensor.AdamW;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/**
 * Where a training is after some optimizer steps: one safetensors file that holds the trained numbers, the optimizer's
 * moments and the log, replaced whole or not at all. A training that goes on from it takes the same steps, bit for bit, as
 * one that was never interrupted: the order of the examples and each step's dropout depend on seed and step alone.
 */
final class Checkpoint {

    static final String FILE = "checkpoint.safetensors";

    private static final Gson GSON =
            new GsonBuilder().serializeSpecialFloatingPointValues().create();

    private final Path folder;
    private final String key;

    /**
     * Names the checkpoint of a training.
     *
     * @param key everything that decides the training's numbers
     */
    Checkpoint(Path folder, String key) {
        this.folder = folder;
        this.key = key;
    }

    /** Writes where the training is; what was there before stays whole until the new file is. */
    void write(int step, List<Tensor> trained, AdamW optimizer, RunLog log, double seconds) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < trained.size(); i++) {
            tensors.put("trained." + i, trained.get(i));
        }
        optimizer.state().forEach((name, tensor) -> tensors.put("moments." + name, tensor));
        Map<String, String> notes = new TreeMap<>();
        notes.put("lamella.training", key);
        notes.put("lamella.step", String.valueOf(step));
        notes.put("lamella.seconds", String.valueOf(seconds));
        notes.put("lamella.steps", columns(log.table()));
        notes.put("lamella.measurements", columns(log.measurements()));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw Disk.unwritable(folder, e);
        }
        SafeTensors.write(folder.resolve(FILE), tensors, notes);
    }

    /** What a training goes on with. */
    record State(int step, double seconds, RunLog log) {
        static State beginning() {
            return new State(0, 0, new RunLog());
        }
    }

    /**
     * Puts the numbers of the checkpoint into a training and returns where it was; without a checkpoint the beginning.
     *
     * @throws IllegalArgumentException when the checkpoint belongs to another training
     */
    State restore(List<Tensor> trained, AdamW optimizer) {
        Path place = folder.resolve(FILE);
        if (!Files.isRegularFile(place)) {
            return State.beginning();
        }
        try (SafeTensors file = SafeTensors.open(place);
                Scope scope = Scope.open();
                GradMode off = GradMode.disabled()) {
            String found = file.metadata().getOrDefault("lamella.training", "nothing");
            if (!found.equals(key)) {
                throw new IllegalArgumentException("checkpoint must belong to this training, " + key + "; got that of "
                        + found + " in " + folder + "; take another folder, or delete it to begin anew");
            }
            for (int i = 0; i < trained.size(); i++) {
                trained.get(i).overwrite(file.tensor("trained." + i, scope));
            }
            Map<String, Tensor> moments = new LinkedHashMap<>();
            optimizer.state().keySet().forEach(name -> moments.put(name, file.tensor("moments." + name, scope)));
            optimizer.restore(moments);
            return new State(
                    Integer.parseInt(note(file, "lamella.step")),
                    Double.parseDouble(note(file, "lamella.seconds")),
                    new RunLog(
                            table("run", note(file, "lamella.steps")),
                            table("measurements", note(file, "lamella.measurements"))));
        } catch (NumberFormatException | JsonParseException e) {
            throw new FormatException(FILE, "must hold the notes of a training; got others", e);
        }
    }

    private static String note(SafeTensors file, String name) {
        String note = file.metadata().get(name);
        if (note == null) {
            throw new FormatException(
                    FILE, name + " must be there; got " + file.metadata().keySet());
        }
        return note;
    }

    private static String columns(Table table) {
        Map<String, double[]> columns = new LinkedHashMap<>();
        table.columns().forEach(column -> columns.put(column.name(), ((NumericColumn<?>) column).asDoubleArray()));
        return GSON.toJson(columns);
    }

    private static Table table(String name, String json) {
        Map<String, double[]> columns =
                GSON.fromJson(json, new TypeToken<LinkedHashMap<String, double[]>>() {}.getType());
        Table table = Table.create(name);
        columns.forEach((column, values) ->
                table.addColumns(column.equals("step") ? whole(column, values) : DoubleColumn.create(column, values)));
        return table;
    }

    private static IntColumn whole(String name, double[] values) {
        IntColumn column = IntColumn.create(name);
        for (double value : values) {
            column.append((int) value);
        }
        return column;
    }
}
