// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.lang.reflect.Array;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Turns values into what a front end shows. Public only because the names of IJava stand in another package. */
public final class Pictures {

    private static final int SHOWN_ELEMENTS = 100;
    private static final Gson GSON = new GsonBuilder()
            .serializeSpecialFloatingPointValues()
            .disableHtmlEscaping()
            .create();

    private Pictures() {}

    /**
     * Returns the pictures of a value, by the renderer's rules.
     *
     * @param renderer knows how types look
     * @param value anything; a bundle is its own picture
     */
    public static DisplayData of(Renderer renderer, @Nullable Object value) {
        if (value == null) {
            return new DisplayData("null");
        }
        if (value instanceof DisplayData bundle) {
            return bundle;
        }
        if (value.getClass().isArray()) {
            return new DisplayData(array(value));
        }
        return renderer.render(value);
    }

    /**
     * Returns the pictures of a value in the formats asked for.
     *
     * @param renderer knows how types look
     * @param value anything; a bundle is its own picture
     * @param mimeTypes for instance {@code text/html}
     */
    public static DisplayData of(Renderer renderer, @Nullable Object value, String... mimeTypes) {
        boolean fixed = value == null || value instanceof DisplayData;
        return fixed || mimeTypes.length == 0 ? of(renderer, value) : renderer.renderAs(value, mimeTypes);
    }

    /** Returns the elements of an array in brackets, and how many there are when not all are shown. */
    private static String array(Object array) {
        int length = Array.getLength(array);
        StringJoiner text = new StringJoiner(", ", "[", "]");
        for (int index = 0; index < Math.min(length, SHOWN_ELEMENTS); index++) {
            Object element = Array.get(array, index);
            boolean nested = element != null && element.getClass().isArray() && element != array;
            text.add(nested ? array(element) : String.valueOf(element));
        }
        if (length > SHOWN_ELEMENTS) {
            text.add("... " + length + " in all");
        }
        return text.toString();
    }

    /**
     * Returns a bundle as the protocol wants it: data, metadata and transient, numbers that JSON lacks replaced by null.
     *
     * @throws RuntimeException if a part cannot be written as JSON
     */
    static JsonObject content(DisplayData bundle) {
        JsonObject content =
                withoutNaN(GSON.toJsonTree(bundle, DisplayData.class)).getAsJsonObject();
        for (String part : new String[] {"data", "metadata", "transient"}) {
            if (!content.has(part) || content.get(part).isJsonNull()) {
                content.add(part, new JsonObject());
            }
        }
        return content;
    }

    /** Returns the text of a bundle. */
    static String text(JsonObject content) {
        JsonElement text = content.getAsJsonObject("data").get("text/plain");
        return text == null || !text.isJsonPrimitive() ? "" : text.getAsString();
    }

    private static JsonElement withoutNaN(JsonElement element) {
        if (element.isJsonObject()) {
            JsonObject copy = new JsonObject();
            for (Map.Entry<String, JsonElement> entry :
                    element.getAsJsonObject().entrySet()) {
                copy.add(entry.getKey(), withoutNaN(entry.getValue()));
            }
            return copy;
        }
        if (element.isJsonArray()) {
            JsonArray copy = new JsonArray();
            element.getAsJsonArray().forEach(value -> copy.add(withoutNaN(value)));
            return copy;
        }
        boolean number =
                element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
        return number && !Double.isFinite(element.getAsDouble()) ? JsonNull.INSTANCE : element;
    }
}
