// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.base.Matrix;

class CkaGoldenTest {

    private static final JsonObject GOLDEN = GoldenStates.json("cka/cka.json");
    private static final Protocol BIASED = Protocol.corrected().estimator(Estimator.BIASED);
    private static final Offset<Double> EXACT = within(1e-9);
    private static final Offset<Double> SINGLE = within(2e-6);

    static Stream<String> cases() {
        return GOLDEN.getAsJsonObject("cases").keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void debiasedScoresAreThoseOfTheReference(String name) {
        LayerScores scores = GoldenStates.score(GoldenStates.states(name), Protocol.corrected());

        assertSame(scores.values(), golden(name, "adjacent", "debiased"), EXACT);
        assertSame(scores.matrix().values(), golden(name, "matrix", "debiased"), EXACT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void biasedScoresAreThoseOfTheReference(String name) {
        LayerScores scores = GoldenStates.score(GoldenStates.states(name), BIASED);

        assertSame(scores.values(), golden(name, "adjacent", "biased"), EXACT);
        assertSame(scores.matrix().values(), golden(name, "matrix", "biased"), EXACT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void publishedScoresAreThoseOfThePublishedCode(String name) {
        LayerScores scores = GoldenStates.score(GoldenStates.states(name), Protocol.published());

        assertSame(scores.values(), golden(name, "adjacent", "published"), SINGLE);
        assertSame(scores.matrix().values(), golden(name, "matrix", "published"), SINGLE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void streamedSumsGiveTheScoresOfGramMatrices(String name) {
        Measured.Sizes none = new Measured.Sizes(0, 1024);
        Measured streamed = Measured.of(Source.of(GoldenStates.states(name), 7), Protocol.corrected(), none);
        Measured biased = Measured.of(Source.of(GoldenStates.states(name), 7), BIASED, none);

        assertThat(streamed.streamed()).isTrue();
        assertSame(values(streamed), golden(name, "adjacent", "debiased"), EXACT);
        assertSame(values(biased), golden(name, "adjacent", "biased"), EXACT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void publishedRulesChooseThePublishedMasks(String name) {
        JsonArray rules = GOLDEN.getAsJsonObject("cases").getAsJsonObject(name).getAsJsonArray("selected");
        LayerScores encoder = GoldenStates.score(GoldenStates.states(name), Protocol.published());
        LayerScores decoder = GoldenStates.score(
                GoldenStates.states(name), Protocol.published().candidates(Candidates.ALL_LAYERS));

        rules.forEach(rule -> {
            double ratio = rule.getAsJsonObject().get("ratio").getAsDouble();
            assertThat(encoder.topShare(ratio).mask())
                    .isEqualTo(rule.getAsJsonObject().get("encoder").getAsString());
            assertThat(decoder.topShare(ratio).mask())
                    .isEqualTo(rule.getAsJsonObject().get("decoder").getAsString());
        });
    }

    private static double[] values(Measured measured) {
        return measured.layers().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static JsonArray golden(String name, String kind, String estimator) {
        JsonArray golden = GOLDEN.getAsJsonObject("cases")
                .getAsJsonObject(name)
                .getAsJsonObject(kind)
                .getAsJsonArray(estimator)
                .deepCopy();
        if (name.equals("outlier") && estimator.equals("debiased")) {
            undefineState0(golden);
        }
        return golden;
    }

    // all rows of state 0 but one are equal: debiasing leaves 0/0, of which the reference prints the rounding
    private static void undefineState0(JsonArray golden) {
        if (golden.get(0).isJsonArray()) {
            golden.forEach(row -> row.getAsJsonArray().set(0, JsonNull.INSTANCE));
            golden.set(0, nulls(golden.size()));
        } else {
            golden.set(0, JsonNull.INSTANCE);
        }
    }

    private static JsonArray nulls(int count) {
        JsonArray nulls = new JsonArray();
        for (int i = 0; i < count; i++) {
            nulls.add(JsonNull.INSTANCE);
        }
        return nulls;
    }

    private static void assertSame(Matrix seen, JsonArray golden, Offset<Double> tolerance) {
        for (int row = 0; row < golden.size(); row++) {
            assertSame(seen.row(row), golden.get(row).getAsJsonArray(), tolerance);
        }
    }

    private static void assertSame(double[] seen, JsonArray golden, Offset<Double> tolerance) {
        double[] expected = GoldenStates.numbers(golden);
        for (int i = 0; i < expected.length; i++) {
            if (Double.isNaN(expected[i])) {
                assertThat(seen[i]).as("entry %d", i).isNaN();
            } else {
                assertThat(seen[i]).as("entry %d", i).isCloseTo(expected[i], tolerance);
            }
        }
    }
}
