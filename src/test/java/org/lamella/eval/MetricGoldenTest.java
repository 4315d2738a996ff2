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
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares with scikit-learn and SciPy, whose numbers are in golden/metrics/metrics.json. */
class MetricGoldenTest {

    @TestFactory
    Iterable<DynamicTest> labelsAreJudgedAsScikitLearnDoes() throws IOException {
        return cases("classification", MetricGoldenTest::compareLabels);
    }

    @TestFactory
    Iterable<DynamicTest> numbersAreJudgedAsScipyDoes() throws IOException {
        return cases("correlation", MetricGoldenTest::compareNumbers);
    }

    private static void compareLabels(JsonObject golden) {
        int labels = golden.get("labels").getAsInt();
        int[] truth = integers(golden.getAsJsonArray("truth"));
        int[] answers = integers(golden.getAsJsonArray("predictions"));

        assertThat(Metric.ACCURACY.of(truth, answers, labels)).isEqualTo(number(golden, "accuracy"));
        assertThat(Metric.MACRO_F1.of(truth, answers, labels)).isCloseTo(number(golden, "macro_f1"), within(1e-12));
        assertThat(Metric.MATTHEWS.of(truth, answers, labels)).isCloseTo(number(golden, "matthews"), within(1e-12));
        if (labels == 2) {
            assertThat(Metric.F1.of(truth, answers, labels)).isCloseTo(number(golden, "f1_binary"), within(1e-12));
        }
    }

    private static void compareNumbers(JsonObject golden) {
        double[] truth = numbers(golden.getAsJsonArray("truth"));
        double[] answers = numbers(golden.getAsJsonArray("predictions"));

        same(Metric.PEARSON.of(truth, answers), number(golden, "pearson"));
        same(Metric.SPEARMAN.of(truth, answers), number(golden, "spearman"));
    }

    private static void same(double ours, double golden) {
        if (Double.isNaN(golden)) {
            assertThat(ours).isNaN();
        } else {
            assertThat(ours).isCloseTo(golden, within(1e-12));
        }
    }

    private interface Comparison {
        void of(JsonObject golden);
    }

    private static Iterable<DynamicTest> cases(String part, Comparison comparison) throws IOException {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(MetricGoldenTest.class.getResourceAsStream("/golden/metrics/metrics.json")),
                StandardCharsets.UTF_8)) {
            JsonArray cases = JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray(part);
            assertThat(cases.size()).isGreaterThan(10);
            return StreamSupport.stream(cases.spliterator(), false)
                    .map(JsonElement::getAsJsonObject)
                    .map(golden ->
                            DynamicTest.dynamicTest(golden.get("name").getAsString(), () -> comparison.of(golden)))
                    .toList();
        }
    }

    private static double number(JsonObject golden, String name) {
        JsonElement value = golden.get(name);
        return value.isJsonNull() ? Double.NaN : value.getAsDouble();
    }

    private static int[] integers(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    private static double[] numbers(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
    }
}
