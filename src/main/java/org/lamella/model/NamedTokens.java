// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lamella.base.FormatException;

/** The tokens that Hugging Face's files call by a name, as {@code bos_token}. */
final class NamedTokens {

    private NamedTokens() {}

    /**
     * Returns the texts of the tokens that a file names.
     *
     * @param file its name, for errors
     * @param json what stands in it: a token is a text, or fields of which {@code content} is its text
     */
    static Map<String, String> of(String file, String json) {
        JsonElement root;
        try {
            root = JsonParser.parseString(json);
        } catch (JsonParseException e) {
            throw FormatException.notJson(file, e);
        }
        Map<String, String> named = new LinkedHashMap<>();
        if (root.isJsonObject()) {
            root.getAsJsonObject().asMap().forEach((field, value) -> {
                JsonElement token =
                        value.isJsonObject() ? value.getAsJsonObject().get("content") : value;
                if (field.endsWith("_token")
                        && token != null
                        && token.isJsonPrimitive()
                        && token.getAsJsonPrimitive().isString()) {
                    named.put(field, token.getAsString());
                }
            });
        }
        return named;
    }
}
