// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.unbescape.html.HtmlEscape;

/**
 * Reads the object literal that jsplot writes. It is JavaScript, not JSON: names without quotes, trailing commas, NaN,
 * and texts that were escaped as if they stood in a page.
 */
final class ScriptReader {

    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(
                    JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
                    JsonReadFeature.ALLOW_SINGLE_QUOTES,
                    JsonReadFeature.ALLOW_TRAILING_COMMA,
                    JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
                    JsonReadFeature.ALLOW_MISSING_VALUES,
                    JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
                    JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
                    JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();

    private ScriptReader() {}

    /** Returns the first object after the given words, for instance after {@code var layout}. */
    static Map<String, Object> objectAfter(String script, String words) {
        int start = script.indexOf('{', Math.max(0, script.indexOf(words)));
        if (start < 0) {
            return new LinkedHashMap<>();
        }
        try (JsonParser parser = LENIENT.createParser(script.substring(start))) {
            JsonNode tree = LENIENT.readTree(parser);
            return new LinkedHashMap<>(Words.map(plain(tree)));
        } catch (IOException e) {
            throw new UncheckedIOException("figure must be readable as Plotly's words; got " + e.getMessage(), e);
        }
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            node.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>(node.size());
            node.forEach(child -> list.add(plain(child)));
            return list;
        }
        if (node.isNumber()) {
            double number = node.doubleValue();
            return Double.isFinite(number) ? (Object) number : null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isTextual() ? HtmlEscape.unescapeHtml(node.textValue()) : null;
    }
}
