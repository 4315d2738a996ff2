// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.base.Folders;
import org.lamella.base.FormatException;
import org.lamella.base.Provenance;
import org.lamella.data.Card;
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

        boolean whole() {
            return Stream.of(model, folder, recipe, facts, warnings, steps, measurements)
                            .allMatch(Objects::nonNull)
                    && !recipe.isEmpty()
                    && steps.keySet().containsAll(List.of("step", "loss"))
                    && even(steps)
                    && even(measurements);
        }

        private static boolean even(Map<String, double[]> columns) {
            return columns.values().stream().allMatch(Objects::nonNull)
                    && columns.values().stream()
                                    .mapToInt(column -> column.length)
                                    .distinct()
                                    .count()
                            <= 1;
        }
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
        Folders.requireOnly(folder.resolve("adapter"), PeftWriter.FILES);
        Folders.replace(folder, List.of("adapter", FILE), fresh -> {
            run.adapter().save(fresh.resolve("adapter"));
            try {
                Files.writeString(fresh.resolve(FILE), GSON.toJson(content) + "\n");
            } catch (IOException e) {
                throw Disk.unwritable(FILE, e);
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
        return read(folder, content, model(content));
    }

    private static Transformer model(Content content) {
        if (!content.folder.isBlank() && Files.exists(Path.of(content.folder))) {
            return Transformer.load(Path.of(content.folder));
        }
        if (!Card.models().contains(content.model)) {
            throw new IllegalArgumentException("[" + FILE + "] model must lie where it was when the run was saved, \""
                    + content.folder + "\"; got no such folder; load \"" + content.model
                    + "\" from where it is and use Run.load(folder, model)");
        }
        return Transformer.load(content.model);
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
        Folders.recover(folder);
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new FormatException(FILE, "must be in the run's folder; found none in " + folder);
        }
        try {
            Content content = GSON.fromJson(Files.readString(file), Content.class);
            if (content == null || !content.whole()) {
                throw new FormatException(FILE, "must hold recipe and steps of a run; got another file");
            }
            return content;
        } catch (JsonParseException e) {
            throw FormatException.notJson(FILE, e);
        } catch (CharacterCodingException e) {
            throw new FormatException(FILE, "must be UTF-8; it is not", e);
        } catch (IOException e) {
            throw Disk.unreadable(FILE, e);
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
