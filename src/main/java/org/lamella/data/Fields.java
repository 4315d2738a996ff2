// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.lamella.base.FormatException;
import org.lamella.base.Names;

/** The fields of one JSON object, read strictly: each must have its type, and none may be left over. */
final class Fields {

    private static final TypeAdapter<JsonElement> ADAPTER = new Gson().getAdapter(JsonElement.class);

    private final String file;
    private final String prefix;
    private final JsonObject object;

    private Fields(String file, String prefix, JsonObject object) {
        this.file = file;
        this.prefix = prefix;
        this.object = object;
    }

    /** Returns the fields of a text that must hold one JSON object and nothing else. */
    static Fields parse(String file, String json) {
        try {
            return new Fields(file, "", parseObject(json));
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new FormatException(file, "text must be one JSON object; " + reason(e), e);
        }
    }

    static JsonObject parseObject(String json) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(json));
        JsonElement element = ADAPTER.read(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new JsonParseException("something follows it");
        }
        if (!element.isJsonObject()) {
            throw new JsonParseException("it is another kind of value");
        }
        return element.getAsJsonObject();
    }

    /** Returns what a JSON parser said, without its advice on its own settings. */
    static String reason(Exception e) {
        String message = String.valueOf(e.getMessage());
        int line = message.indexOf('\n');
        return line < 0 ? message : message.substring(0, line);
    }

    Fields only(Collection<String> known) {
        for (String name : object.keySet()) {
            if (!known.contains(name)) {
                throw new FormatException(
                        file,
                        "fields must be among " + String.join(", ", new TreeSet<>(known)) + "; got \"" + prefix + name
                                + "\"" + Names.didYouMean(name, known));
            }
        }
        return this;
    }

    boolean has(String name) {
        return object.has(name);
    }

    String text(String name) {
        return textOf(prefix + name, required(name));
    }

    Optional<String> optionalText(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    List<String> texts(String name) {
        JsonElement element = required(name);
        if (!element.isJsonArray()) {
            throw wrong(prefix + name, "a list of texts", element);
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement item : element.getAsJsonArray()) {
            texts.add(textOf(prefix + name, item));
        }
        return texts;
    }

    long number(String name) {
        JsonElement element = required(name);
        if (!element.isJsonPrimitive() || !element.getAsString().matches("[0-9]{1,18}")) {
            throw wrong(prefix + name, "a whole number of at least 0", element);
        }
        return element.getAsLong();
    }

    Fields object(String name) {
        return objectOf(prefix + name, required(name));
    }

    List<Fields> objects(String name) {
        JsonElement element = required(name);
        if (!element.isJsonArray() || element.getAsJsonArray().isEmpty()) {
            throw wrong(prefix + name, "a list of objects", element);
        }
        List<Fields> objects = new ArrayList<>();
        for (JsonElement item : element.getAsJsonArray()) {
            objects.add(objectOf(prefix + name, item));
        }
        return objects;
    }

    List<String> names() {
        return object.entrySet().stream().map(Map.Entry::getKey).toList();
    }

    FormatException wrong(String field, String rule, Object got) {
        return new FormatException(file, field + " must be " + rule + "; got " + got);
    }

    private JsonElement required(String name) {
        JsonElement element = object.get(name);
        if (element == null || element.isJsonNull()) {
            throw new FormatException(file, prefix + name + " must be there; got " + object.keySet());
        }
        return element;
    }

    private Fields objectOf(String name, JsonElement element) {
        if (!element.isJsonObject()) {
            throw wrong(name, "an object", element);
        }
        return new Fields(file, name + ".", element.getAsJsonObject());
    }

    private String textOf(String name, JsonElement element) {
        boolean text = element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
        if (!text || element.getAsString().isBlank()) {
            throw wrong(name, "a text", element);
        }
        return element.getAsString();
    }
}
