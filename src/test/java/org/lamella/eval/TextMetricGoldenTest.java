// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Compares with sacrebleu, rouge-score and SQuAD's rule, whose numbers are in golden/metrics/texts.json. */
final class TextMetricGoldenTest {

    private static final int DRAWN = 60;

    private static JsonObject golden = new JsonObject();

    @BeforeAll
    static void read() throws IOException {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(TextMetricGoldenTest.class.getResourceAsStream("/golden/metrics/texts.json")),
                StandardCharsets.UTF_8)) {
            golden = JsonParser.parseReader(reader).getAsJsonObject();
        }
    }

    private static List<JsonObject> cases() {
        return StreamSupport.stream(golden.getAsJsonArray("texts").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static List<String> known(JsonObject one) {
        JsonArray known = one.getAsJsonArray("known");
        return StreamSupport.stream(known.spliterator(), false)
                .map(JsonElement::getAsString)
                .toList();
    }

    @Test
    void everyMetricOfEveryTextIsTheirs() {
        List<JsonObject> cases = cases();
        assertThat(cases.size()).isGreaterThan(100);
        for (JsonObject one : cases) {
            for (TextMetric metric : TextMetric.all()) {
                String written = one.get("written").getAsString();
                assertThat(metric.of(List.of(written), List.of(known(one))))
                        .as(metric + " of \"" + written + "\" beside " + known(one))
                        .isCloseTo(one.get(metric.name()).getAsDouble(), within(1e-9));
            }
        }
    }

    @Test
    void bleuAndChrfOfAllTextsTogetherAreTheirs() {
        List<String> written = new ArrayList<>();
        List<List<String>> known = new ArrayList<>();
        cases().forEach(one -> {
            written.add(one.get("written").getAsString());
            known.add(known(one));
        });
        int from = written.size() - DRAWN;
        for (TextMetric metric : List.of(TextMetric.BLEU, TextMetric.CHRF)) {
            JsonObject corpora = golden.getAsJsonObject("corpora");
            assertThat(metric.of(written, known))
                    .isCloseTo(corpora.getAsJsonObject("all").get(metric.name()).getAsDouble(), within(1e-9));
            assertThat(metric.of(written.subList(from, written.size()), known.subList(from, known.size())))
                    .isCloseTo(
                            corpora.getAsJsonObject("drawn").get(metric.name()).getAsDouble(), within(1e-9));
        }
    }
}
