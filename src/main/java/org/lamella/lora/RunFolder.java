// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamella.base.FormatException;
import org.lamella.base.Provenance;
import org.lamella.model.Transformer;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/** A run on disk: {@code adapter/} as PEFT has it, {@code run.json} with the log, the recipe and the facts. */
final class RunFolder {

    private static final String FILE = "run.json";
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeSpecialFloatingPointValues()
            .disableHtmlEscaping()
            .create();

    /** What stands in run.json. */
    private static final class Content {
        String model = "";
        String folder = "";
        String recipe = "";
        Map<String, String> facts = Map.of();
        List<String> warnings = List.of();
        Map<String, double[]> steps = Map.of();
        Map<String, double[]> measurements = Map.of();
    }

    private RunFolder() {}

    static void write(Run run, Path folder) {
        JsonObject content = new JsonObject();
        content.addProperty("model", run.base().name());
        content.addProperty("folder", run.base().folder().toString());
        content.addProperty("recipe", run.provenance().recipe());
        content.add("facts", GSON.toJsonTree(run.provenance().facts()));
        content.add("warnings", GSON.toJsonTree(run.provenance().warnings()));
        content.add("steps", columns(run.log().table()));
        content.add("measurements", columns(run.log().measurements()));
        Folders.replace(folder, fresh -> {
            run.adapter().save(fresh.resolve("adapter"));
            try {
                Files.writeString(fresh.resolve(FILE), GSON.toJson(content) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException("[" + FILE + "] cannot be written: " + e, e);
            }
        });
    }

    private static JsonObject columns(Table table) {
        JsonObject columns = new JsonObject();
        for (String name : table.columnNames()) {
            columns.add(name, GSON.toJsonTree(((NumericColumn<?>) table.column(name)).asDoubleArray()));
        }
        return columns;
    }

    static Run read(Path folder) {
        Content content = content(folder);
        Path place = Path.of(content.folder);
        return read(
                folder, content, Files.isDirectory(place) ? Transformer.load(place) : Transformer.load(content.model));
    }

    static Run read(Path folder, Transformer model) {
        return read(folder, content(folder), model);
    }

    private static Run read(Path folder, Content content, Transformer model) {
        Adapter adapter = Adapter.load(folder.resolve("adapter")).fittedTo(model);
        Provenance provenance = Provenance.of(content.recipe);
        for (Map.Entry<String, String> fact : content.facts.entrySet()) {
            provenance = provenance.with(fact.getKey(), fact.getValue());
        }
        for (String warning : content.warnings) {
            provenance = provenance.warning(warning);
        }
        return new Run(
                model,
                adapter,
                new RunLog(table("run", content.steps), table("measurements", content.measurements)),
                provenance);
    }

    private static Content content(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new FormatException(FILE, "must be in the run's folder; found none in " + folder);
        }
        try {
            Content content = GSON.fromJson(Files.readString(file), Content.class);
            if (content == null || content.recipe.isEmpty() || !content.steps.containsKey("step")) {
                throw new FormatException(FILE, "must hold recipe and steps of a run; got another file");
            }
            return content;
        } catch (JsonParseException e) {
            throw new FormatException(FILE, "must be JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("[" + FILE + "] cannot be read: " + e, e);
        }
    }

    private static Table table(String name, Map<String, double[]> columns) {
        Table table = Table.create(name);
        List<Map.Entry<String, double[]>> all = new ArrayList<>(columns.entrySet());
        for (Map.Entry<String, double[]> column : all) {
            if (column.getKey().equals("step")) {
                int[] steps = new int[column.getValue().length];
                for (int i = 0; i < steps.length; i++) {
                    steps[i] = (int) column.getValue()[i];
                }
                table.addColumns(IntColumn.create("step", steps));
            } else {
                table.addColumns(DoubleColumn.create(column.getKey(), column.getValue()));
            }
        }
        return table;
    }
}
