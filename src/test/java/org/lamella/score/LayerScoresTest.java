// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;

class LayerScoresTest {

    private static final double NONE = Double.NaN;

    @Test
    void choosesTheMostImportantLayersAmongTheDefinedOnes() {
        LayerScores scores = TestScores.of(NONE, 0.2, 0.1, 0.15, 0.3, 0.5);

        assertThat(scores.topShare(0.5)).isEqualTo(LayerSet.parse("010011"));
        assertThat(scores.top(1)).isEqualTo(LayerSet.parse("000001"));
        assertThat(scores.topShare(0.34)).isEqualTo(LayerSet.parse("000011"));
        assertThat(scores.topShare(0.5).pickedOn()).hasSize(1);
        assertThat(scores.top(2).pickedBy()).singleElement().satisfies(why -> assertThat(why.values())
                .containsExactly(
                        java.util.Arrays.stream(scores.importances()).boxed().toArray(Double[]::new)));
        assertThat(scores).hasToString("cka of 6 layers on rows, most important 5, 4, 1");
    }

    @Test
    void breaksTiesByTheLowerIndexAndSaysSo() {
        LayerScores scores = TestScores.of(0.2, 0.5, 0.2, 0.2);

        assertThat(scores.top(2)).isEqualTo(LayerSet.parse("1100"));
        assertThat(scores.table().stringColumn("note").asList())
                .containsExactly(
                        "as important as layer 2, 3: the lower index comes first",
                        "",
                        "as important as layer 0, 3: the lower index comes first",
                        "as important as layer 0, 2: the lower index comes first");
    }

    @Test
    void choosesWhatThePublishedRulesChoose() {
        GoldenStates.json("cka/cka.json").getAsJsonArray("rule").forEach(rule -> {
            JsonObject golden = rule.getAsJsonObject();
            double[] cka = GoldenStates.numbers(golden.getAsJsonArray("scores"));
            double[] importances = DoubleStream.of(cka).map(score -> 1 - score).toArray();
            LayerScores encoder = TestScores.of(Candidates.DROP_LOWEST, new double[0][], importances);
            LayerScores decoder = TestScores.of(Candidates.ALL_LAYERS, new double[0][], importances);
            golden.getAsJsonArray("selected").forEach(selected -> {
                JsonObject masks = selected.getAsJsonObject();
                double ratio = masks.get("ratio").getAsDouble();
                assertThat(encoder.topShare(ratio).mask())
                        .isEqualTo(masks.get("encoder").getAsString());
                assertThat(decoder.topShare(ratio).mask())
                        .isEqualTo(masks.get("decoder").getAsString());
            });
        });
    }

    @Test
    void saysInTheTableWhatIsUndefinedAndHowOftenALayerIsChosen() {
        double[][] replicates = {
            {NONE, 0.3, 0.2, 0.1}, {NONE, 0.1, 0.3, 0.2}, {NONE, 0.3, 0.1, 0.2}, {NONE, 0.2, 0.3, 0.1}
        };
        LayerScores scores = TestScores.of(Candidates.DEFINED_LAYERS, replicates, NONE, 0.3, 0.25, 0.2);

        var table = scores.table();

        assertThat(table.columnNames()).containsExactly("layer", "cka", "low", "high", "importance", "chosen", "note");
        assertThat(table.stringColumn("note").get(0)).isEqualTo("undefined: the input is constant");
        assertThat(table.doubleColumn("cka").isMissing(0)).isTrue();
        assertThat(table.doubleColumn("chosen").asList().subList(1, 4)).containsExactly(0.75, 0.75, 0.5);
        assertThat(scores.membership(0.25).frequencies()).containsExactly(0.0, 0.5, 0.5, 0.0);
        assertThat(scores.membership(0.25).table().columnNames()).containsExactly("layer", "chosen");
    }

    @Test
    void choosesTheMostImportantLayersWithinABudget() {
        LayerScores scores = TestScores.of(NONE, 0.2, 0.1, 0.15, 0.3, 0.5);
        // training costs what lies between the lowest layer and the top
        LayerSet cheap = scores.within(3, set -> set.depth() - set.indices().get(0));

        assertThat(cheap).isEqualTo(LayerSet.parse("000111"));
        assertThat(scores.within(3, LayerSet::size)).isEqualTo(scores.top(3));
        assertThat(TestScores.of(0.1, 0.1, 0.1).within(2, LayerSet::size)).isEqualTo(LayerSet.parse("110"));
    }

    @Test
    void choosesWithinABudgetFromManyLayersToo() {
        double[] importances = new double[32];
        Arrays.setAll(importances, layer -> (layer * 7 % 32) / 32.0 + 0.01);
        LayerScores scores = TestScores.of(importances);

        assertThat(scores.within(5, LayerSet::size)).isEqualTo(scores.top(5));
        assertThat(scores.within(6, set -> set.depth() - set.indices().get(0)))
                .isEqualTo(LayerSet.all(32).last(6));
    }

    @Test
    void marksUndefinedLayersInThePictureAndNamesThemInItsNote() {
        String script = TestScores.of(NONE, 0.2, 0.1, 0.3).chart().asJavascript("target");

        assertThat(script).contains("undefined: the input is constant", "importance: chosen", "importance: not chosen");
    }

    @Test
    void refusesSharesAndNumbersThatCannotBe() {
        LayerScores scores = TestScores.of(NONE, 0.2, 0.1, 0.15, 0.3, 0.5);

        assertThatThrownBy(() -> scores.topShare(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("share must be more than 0 and at most 1; got 1.5");
        assertThatThrownBy(() -> scores.topShare(Double.NaN))
                .hasMessage("share must be more than 0 and at most 1; got NaN");
        assertThatThrownBy(() -> scores.topShare(0.1))
                .hasMessage("share must be at least 1/6, one layer of 6; got 0.1");
        assertThatThrownBy(() -> scores.topShare(1))
                .hasMessage(
                        "share must leave at most 5 layers to choose (layer 0 is no candidate); got 1.0, which is 6 of 6");
        assertThatThrownBy(() -> scores.top(6))
                .hasMessage("number of layers must be 1 to 5 (layer 0 is no candidate); got 6");
        assertThatThrownBy(() -> scores.within(0.5, LayerSet::size))
                .hasMessage("budget must be at least 1.0, the cost of the cheapest layer; got 0.5");
        assertThatThrownBy(() -> scores.within(1, set -> Double.NaN))
                .hasMessageStartingWith("cost must be a number for every set of layers; got NaN for ");
        assertThatThrownBy(() -> scores.membership(0)).hasMessage("share must be more than 0 and at most 1; got 0.0");
    }
}
