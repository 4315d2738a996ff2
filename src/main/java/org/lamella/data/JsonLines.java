// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lamella.base.FormatException;

/** Reads one JSON object a line, or a list of them. A column is a key that any line has; where a line lacks it, the cell is missing. */
final class JsonLines {

    private JsonLines() {}

    static Grid parse(String place, String text) {
        List<String> wheres = new ArrayList<>();
        List<JsonObject> objects = new ArrayList<>();
        int line = 0;
        for (String each : text.split("\n", -1)) {
            line++;
            if (each.isBlank()) {
                continue;
            }
            JsonObject object = object(place, line, each);
            objects.add(object);
            wheres.add("line " + line);
        }
        if (objects.isEmpty()) {
            throw new FormatException(place, "file must hold one JSON object a line; got an empty file");
        }
        return grid(place, wheres, objects);
    }

    /** Reads one JSON list of objects, as if each were a line, or of lists, whose columns are called 0, 1 and so on. */
    static Grid list(String place, String text) {
        JsonElement element;
        try {
            element = JsonParser.parseString(text);
        } catch (JsonParseException e) {
            throw FormatException.notJson(place, e);
        }
        if (!element.isJsonArray() || element.getAsJsonArray().isEmpty()) {
            throw new FormatException(place, "file must hold a list of JSON objects; got " + begin(text));
        }
        List<String> wheres = new ArrayList<>();
        List<JsonObject> objects = new ArrayList<>();
        for (JsonElement each : element.getAsJsonArray()) {
            String where = "object " + (objects.size() + 1);
            if (each.isJsonArray()) { // a row without names: they are its places
                JsonObject row = new JsonObject();
                List<JsonElement> cells = each.getAsJsonArray().asList();
                for (int i = 0; i < cells.size(); i++) {
                    row.add(String.valueOf(i), cells.get(i));
                }
                wheres.add(where);
                objects.add(row);
                continue;
            }
            if (!each.isJsonObject()) {
                throw new FormatException(place, where + " must be a JSON object; got " + begin(each.toString()));
            }
            wheres.add(where);
            objects.add(each.getAsJsonObject());
        }
        return grid(place, wheres, objects);
    }

    private static Grid grid(String place, List<String> wheres, List<JsonObject> objects) {
        Set<String> columns = new LinkedHashSet<>();
        objects.forEach(object -> columns.addAll(object.keySet()));
        List<Grid.Row> rows = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            JsonObject object = objects.get(i);
            rows.add(new Grid.Row(
                    wheres.get(i),
                    columns.stream().map(column -> cell(object, column)).toList()));
        }
        return new Grid(place, List.copyOf(columns), rows);
    }

    private static JsonObject object(String place, int line, String text) {
        try {
            return Fields.parseObject(text);
        } catch (IOException | JsonParseException | IllegalStateException e) {
            return python(text)
                    .orElseThrow(() -> new FormatException(
                            place,
                            "line " + line + " must be one JSON object; " + Fields.reason(e) + "; got " + begin(text),
                            e));
        }
    }

    private static Optional<JsonObject> python(String text) {
        try {
            return Optional.of(Fields.parseObject(PythonNumbers.nulled(text)));
        } catch (IOException | JsonParseException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static String begin(String text) {
        String line = text.strip();
        return line.length() <= 40 ? line : line.substring(0, 40) + "…";
    }

    // numbers as they are written, so that a label 01 or 1.0 keeps its form; lists and objects as JSON
    private static String cell(JsonObject object, String column) {
        JsonElement element = object.get(column);
        if (element == null || element.isJsonNull()) {
            return "";
        }
        return element.isJsonPrimitive() ? element.getAsString() : element.toString();
    }
}
