// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;
import org.lamella.base.Names;

/** A model's config.json, read strictly: a field of the wrong kind is an error that names it. */
final class Config {

    private static final String FILE = "config.json";

    private final String file;
    private final JsonObject json;

    private Config(String file, JsonObject json) {
        this.file = file;
        this.json = json;
    }

    static Config load(Path folder) {
        return load(folder, FILE, "the model's folder");
    }

    /**
     * Reads a file of a folder.
     *
     * @param whose what the folder is, for the error when the file is not there
     */
    static Config load(Path folder, String name, String whose) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new FormatException(name, "must be in " + whose + "; found none");
        }
        try {
            return parse(name, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new FormatException(name, "must be UTF-8; it is not", e);
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        }
    }

    static Config parse(String text) {
        return parse(FILE, text);
    }

    /** Reads a file of that name, for errors. */
    static Config parse(String file, String text) {
        try {
            JsonElement element = JsonParser.parseString(text);
            if (!element.isJsonObject()) {
                String got = text.isBlank() ? "an empty file" : Names.shortened(text.strip());
                throw new FormatException(file, "must hold a JSON object; got " + got);
            }
            return new Config(file, element.getAsJsonObject());
        } catch (JsonParseException e) {
            throw FormatException.notJson(file, e);
        }
    }

    static Config empty() {
        return new Config(FILE, new JsonObject());
    }

    /** Returns what stands in a field of fields, if there is one. */
    Optional<Config> section(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (!json.get(field).isJsonObject()) {
            throw new FormatException(file, field + " must hold fields; got " + json.get(field));
        }
        return Optional.of(new Config(file, json.getAsJsonObject(field)));
    }

    /** Returns these fields, and others where they are missing. */
    Config otherwise(Map<String, Number> others) {
        JsonObject filled = json.deepCopy();
        others.forEach((field, number) -> {
            if (!filled.has(field)) {
                filled.addProperty(field, number);
            }
        });
        if (!filled.has("model_type")) {
            filled.addProperty("model_type", "llama");
        }
        return new Config(file, filled);
    }

    /** Returns a copy of all there is. */
    JsonObject json() {
        return json.deepCopy();
    }

    String text(String field) {
        JsonElement value = required(field);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new FormatException(file, field + " must be a text; got " + value);
        }
        return value.getAsString();
    }

    String text(String field, String otherwise) {
        return has(field) ? text(field) : otherwise;
    }

    int count(String field) {
        double value = number(field);
        if (value != Math.rint(value) || value < 1 || value > Integer.MAX_VALUE) {
            throw new FormatException(file, field + " must be a positive whole number; got " + json.get(field));
        }
        return (int) value;
    }

    int count(String field, int otherwise) {
        return has(field) ? count(field) : otherwise;
    }

    /** Returns a whole number of at least {@code least}. */
    int atLeast(String field, int least, int otherwise) {
        int value = whole(field, otherwise);
        if (value < least) {
            throw new FormatException(file, field + " must be at least " + least + "; got " + value);
        }
        return value;
    }

    int whole(String field, int otherwise) {
        double value = number(field, otherwise);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw new FormatException(file, field + " must be a whole number; got " + json.get(field));
        }
        return (int) value;
    }

    /** Returns the numbers of some tokens of a vocabulary of that size, as the other method does. */
    List<Long> tokens(String field, int vocabulary) {
        List<Long> tokens = tokens(field);
        if (tokens.stream().anyMatch(token -> token < 0 || token >= vocabulary)) {
            throw new FormatException(
                    file,
                    field + " must be below " + vocabulary + ", the size of the vocabulary; got " + json.get(field));
        }
        return tokens;
    }

    /** Returns the numbers of some tokens, which a file may write as a single one; none where the field is not there. */
    List<Long> tokens(String field) {
        if (!has(field)) {
            return List.of();
        }
        JsonElement value = json.get(field);
        List<Long> tokens = new ArrayList<>();
        for (JsonElement one : value.isJsonArray() ? value.getAsJsonArray().asList() : List.of(value)) {
            if (!one.isJsonPrimitive() || !one.getAsJsonPrimitive().isNumber()) {
                throw new FormatException(file, field + " must be a token's number or a list of them; got " + value);
            }
            tokens.add(one.getAsLong());
        }
        return List.copyOf(tokens);
    }

    boolean flag(String field, boolean otherwise) {
        return has(field) ? flag(field) : otherwise;
    }

    boolean flag(String field) {
        JsonElement value = required(field);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw new FormatException(file, field + " must be true or false; got " + value);
        }
        return value.getAsBoolean();
    }

    /** Returns a list of texts, which older files write as one text with bars between. */
    List<String> texts(String field) {
        if (!has(field) || !json.get(field).isJsonArray()) {
            return Stream.of(text(field, "").split("\\|")).map(String::strip).toList();
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement value : json.getAsJsonArray(field)) {
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
                throw new FormatException(file, field + " must be a list of texts; got " + json.get(field));
            }
            texts.add(value.getAsString());
        }
        return List.copyOf(texts);
    }

    /** Returns whether a plain number stands in a field. */
    boolean isNumber(String field) {
        return has(field)
                && json.get(field).isJsonPrimitive()
                && json.getAsJsonPrimitive(field).isNumber();
    }

    /** Returns a list of numbers. */
    List<Double> numbers(String field) {
        JsonElement value = required(field);
        List<Double> numbers = new ArrayList<>();
        for (JsonElement each : value.isJsonArray() ? value.getAsJsonArray().asList() : List.of(value)) {
            if (!each.isJsonPrimitive() || !each.getAsJsonPrimitive().isNumber()) {
                throw new FormatException(file, field + " must be a list of numbers; got " + value);
            }
            numbers.add(each.getAsDouble());
        }
        return List.copyOf(numbers);
    }

    double number(String field) {
        JsonElement value = required(field);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw new FormatException(file, field + " must be a number; got " + value);
        }
        return value.getAsDouble();
    }

    double number(String field, double otherwise) {
        return has(field) ? number(field) : otherwise;
    }

    /** Returns a dropout rate. */
    double rate(String field, double otherwise) {
        double value = number(field, otherwise);
        if (!(value >= 0 && value < 1)) {
            throw new FormatException(file, field + " must be at least 0 and below 1; got " + json.get(field));
        }
        return value;
    }

    /** Returns the names of the classes in their order, if the checkpoint names them. */
    Optional<List<String>> labels() {
        if (!has("id2label") || !json.get("id2label").isJsonObject()) {
            return Optional.empty();
        }
        JsonObject names = json.getAsJsonObject("id2label");
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            JsonElement name = names.get(String.valueOf(i));
            if (name == null) {
                throw new FormatException(file, "id2label must number the labels from 0; got " + names);
            }
            if (!name.isJsonPrimitive() || !name.getAsJsonPrimitive().isString()) {
                throw new FormatException(file, "id2label must name each label by a text; got " + name);
            }
            labels.add(name.getAsString());
        }
        return Optional.of(List.copyOf(labels));
    }

    /** Returns whether a field is there and null: what is switched off by it. */
    boolean without(String field) {
        return json.has(field) && json.get(field).isJsonNull();
    }

    boolean has(String field) {
        return json.has(field) && !json.get(field).isJsonNull();
    }

    private JsonElement required(String field) {
        JsonElement value = json.get(field);
        if (value == null || value.isJsonNull()) {
            throw new FormatException(file, field + " must be there; got " + json.keySet());
        }
        return value;
    }
}
