// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.base.Interval;
import org.lamella.data.Split;
import tech.tablesaw.api.Table;

class ComparisonTest {

    private final Split split = Fixture.labelled(200, 4);
    private final Evaluation good =
            Evaluation.of(Fixture.wrongBefore(split, 10)).named("good");
    private final Evaluation poor =
            Evaluation.of(Fixture.wrongBefore(split, 60)).named("poor");

    @Test
    void theDifferenceIsTheRowMinusTheReference() {
        Interval difference = good.against(poor).difference("poor", "accuracy");

        assertThat(difference.value()).isCloseTo(-50.0 / split.size(), within(1e-12));
        assertThat(difference.excludesZero()).isTrue();
    }

    @Test
    void thePairedDifferenceOfEqualAnswersHasNoWidth() {
        Interval difference = good.against(
                        Evaluation.of(Fixture.wrongBefore(split, 10)).named("again"))
                .difference("again", "macro F1");

        assertThat(difference).isEqualTo(Interval.exactly(0));
    }

    @Test
    void rowsComeMetricByMetricAndTheReferenceHasNoDifference() {
        Table table = good.against(poor).table();

        assertThat(table.columnNames())
                .containsExactly(
                        "name",
                        "metric",
                        "value",
                        "low",
                        "high",
                        "difference",
                        "difference low",
                        "difference high",
                        "parameters",
                        "seconds");
        assertThat(table.stringColumn("name").asList()).containsExactly("good", "poor", "good", "poor", "good", "poor");
        assertThat(table.stringColumn("metric").asList())
                .containsExactly("accuracy", "accuracy", "macro F1", "macro F1", "loss", "loss");
        assertThat(table.doubleColumn("difference").isMissing(0)).isTrue();
        assertThat(table.doubleColumn("difference").isMissing(1)).isFalse();
        assertThat(table.longColumn("parameters").isMissing(0)).isTrue();
        assertThat(table.name()).endsWith("difference = row minus good");
    }

    @Test
    void equalNamesAreNumbered() {
        assertThat(good.against(poor.named("good"), good).evaluations().stream().map(Evaluation::name))
                .containsExactly("good", "good (2)", "good (3)");
    }

    @Test
    void evaluationsOfOtherExamplesAreRejected() {
        Split half = split.head(50);
        Evaluation other = Evaluation.of(Fixture.wrongBefore(half, 5)).named("half");

        assertThatThrownBy(() -> good.against(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("evaluations must be of the same examples, " + split + " as \"good\"; got " + half
                        + " of \"half\"");
    }

    @Test
    void recipesAreComparedInAllButTheirLayers() {
        Recipe first = recipe("110000", "8", "0.003");
        Recipe second = recipe("001111", "16", "0.003");

        assertThat(second.differences(first)).containsExactly("rank 16 instead of 8");
        assertThat(first.differences(recipe("000111", "8", "0.003"))).isEmpty();
        assertThat(new Recipe("minilm", Map.of(), 0, Double.NaN).differences(first))
                .containsExactly("no adapter instead of one");
        assertThat(new Recipe("other", first.settings(), 0, Double.NaN).differences(first))
                .containsExactly("model other instead of minilm");
    }

    @Test
    void theHeadAloneIsComparedInWhatItHas() {
        Recipe half = new Recipe("minilm", Map.of("method", "LoRA", "layers", "110", "rank", "8", "seed", "0"), 1, 1);
        Recipe head = new Recipe("minilm", Map.of("method", "head only", "layers", "000", "seed", "0"), 1, 1);
        Recipe other = new Recipe("minilm", Map.of("method", "head only", "layers", "000", "seed", "1"), 1, 1);

        assertThat(head.differences(half)).isEmpty();
        assertThat(half.differences(head)).isEmpty();
        assertThat(other.differences(half)).containsExactly("seed 1 instead of 0");
    }

    @Test
    void anAdapterThatWasCutDiffersInItsLayersOnly() {
        Recipe whole = recipe("111111", "8", "0.003");
        Map<String, String> settings = new LinkedHashMap<>(whole.settings());
        settings.put("kept layers", "111000");

        assertThat(new Recipe("minilm", settings, 1000, 2.5).differences(whole)).isEmpty();
    }

    private static Recipe recipe(String layers, String rank, String rate) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("layers", layers);
        settings.put("rank", rank);
        settings.put("learning rate", rate);
        return new Recipe("minilm", settings, 1000, 2.5);
    }
}
