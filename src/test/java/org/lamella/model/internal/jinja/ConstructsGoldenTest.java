// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every construct alone, against transformers: src/test/golden/parts/constructs.py made the texts. */
final class ConstructsGoldenTest {

    // what transformers renders and this renderer refuses by name
    private static final Map<String, String> REFUSED = Map.of(
            "block", "tag 'block'",
            "cycler", "'cycler'",
            "encoded", "'encode' of a text",
            "escaped-and-joined", "\"~\" after \"safe\" or \"escape\"",
            "filters-grouped", "filter 'groupby'",
            "several-values", "\"*\" before a value of a call",
            "truncate", "filter 'truncate'");

    static Stream<Arguments> constructs() throws IOException {
        JsonObject golden = golden();
        Map<String, Object> given = map(golden.getAsJsonObject("given"));
        return golden.getAsJsonObject("cases").asMap().entrySet().stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue().getAsJsonObject(), given));
    }

    private static JsonObject golden() throws IOException {
        return JsonParser.parseString(Files.readString(Path.of("src/test/resources/golden/chat/constructs.json")))
                .getAsJsonObject();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("constructs")
    void aConstructGivesWhatTransformersGivesOrFailsWhereItDoes(
            String name, JsonObject expected, Map<String, Object> given) {
        String template = expected.get("template").getAsString();
        if (REFUSED.containsKey(name)) {
            assertThatThrownBy(() -> JinjaTemplate.of(template).render(given))
                    .isInstanceOf(JinjaException.class)
                    .hasMessage(REFUSED.get(name) + " is not known here");
        } else if (expected.has("error")) {
            assertThatThrownBy(() -> JinjaTemplate.of(template).render(given))
                    .as(expected.get("error").getAsString())
                    .isInstanceOf(JinjaException.class);
        } else {
            assertThat(JinjaTemplate.of(template).render(given))
                    .isEqualTo(expected.get("text").getAsString());
        }
    }

    private static Map<String, Object> map(JsonObject fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        fields.asMap().forEach((name, value) -> map.put(name, value(value)));
        return map;
    }

    private static @Nullable Object value(JsonElement json) {
        if (json.isJsonNull()) {
            return null;
        }
        if (json.isJsonObject()) {
            return map(json.getAsJsonObject());
        }
        if (json.isJsonArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            json.getAsJsonArray().forEach(entry -> list.add(value(entry)));
            return list;
        }
        if (json.getAsJsonPrimitive().isBoolean()) {
            return json.getAsBoolean();
        }
        if (json.getAsJsonPrimitive().isNumber()) {
            String digits = json.getAsString();
            return digits.matches("-?\\d+") ? (Object) Long.valueOf(digits) : (Object) Double.valueOf(digits);
        }
        return json.getAsString();
    }
}
