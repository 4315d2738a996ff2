// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;
import org.lamella.tensor.Torch;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class FisherTest {

    private static final Transformer MODEL = Transformer.load("src/test/resources/golden/bert/model");
    private static final Split SPLIT = split(12);

    @Test
    void scoresEveryLayerByItsGradients() {
        LayerScores scores = Fisher.scoreLayers(MODEL, SPLIT);

        assertThat(scores.depth()).isEqualTo(4);
        assertThat(DoubleStream.of(scores.values()).allMatch(score -> score > 0))
                .isTrue();
        assertThat(scores.importances()).containsExactly(scores.values());
        assertThat(scores.topShare(0.5))
                .isInstanceOf(LayerSet.class)
                .hasToString(scores.top(2).toString());
        assertThat(scores.table().columnNames())
                .containsExactly("layer", "fisher", "low", "high", "importance", "chosen", "note");
        assertThat(scores.provenance().facts()).containsEntry("head", "untrained, seed 0");
    }

    // torch 2.7.1, transformers 4.57.6: for each text in turn logits[0, gold].backward(), squares of .grad in float64,
    // mean over the three, norm of each tensor of a layer, sum
    @Test
    void scoresAreThoseOfTorch() {
        Table table = Table.create(
                StringColumn.create(
                        "text", "shares rose 12 pct", "the oil price", "Grain shipments to the U.S.A. fell, it said."),
                StringColumn.create("label", "earn", "crude", "grain"));
        Task task = task(table).labels("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade");

        LayerScores scores = Fisher.scoreLayers(MODEL, task.train());

        assertThat(scores.values())
                .containsExactly(
                        new double[] {9.097442373634141, 11.81358186546517, 9.0028974594901, 3.841272870462279},
                        within(1e-4));
        assertThat(scores.provenance().facts()).containsEntry("head", "the model's");
    }

    @Test
    void averagesOverExamples() {
        double[] both = Fisher.scoreLayers(MODEL, SPLIT.head(1)).values();
        double[] twice =
                Fisher.scoreLayers(MODEL, SPLIT.where(SPLIT.example(0)::equals)).values();

        assertThat(twice).containsExactly(both, within(1e-9));
    }

    @Test
    void sameSeedSameScoresAndNothingLeftBehind() {
        double[] first = Fisher.scoreLayers(MODEL, SPLIT).values();
        double[] other = Fisher.scoreLayers(MODEL, SPLIT, 1).values();
        long live = Torch.liveTensors();

        assertThat(Fisher.scoreLayers(MODEL, SPLIT).values()).containsExactly(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(live); // a cleaner may free what earlier tests left
    }

    @Test
    void refusesAnEmptySplitAndHasNoMatrix() {
        Split none = SPLIT.head(0);
        LayerScores scores = Fisher.scoreLayers(MODEL, SPLIT.head(2));

        assertThatThrownBy(() -> Fisher.scoreLayers(MODEL, none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("split must hold at least one example to give gradients; got train.head(0) with 0");
        assertThatThrownBy(scores::matrix)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("matrix must be asked of CKA scores; got fisher scores");
    }

    private static Split split(int rows) {
        String[] texts = IntStream.range(0, rows)
                .mapToObj(i -> "shares rose " + "in trade ".repeat(i % 3 + 1))
                .toArray(String[]::new);
        String[] labels =
                IntStream.range(0, rows).mapToObj(i -> i % 2 == 0 ? "a" : "b").toArray(String[]::new);
        Table table = Table.create(StringColumn.create("text", texts), StringColumn.create("label", labels));
        return task(table).train();
    }

    private static Task task(Table table) {
        return Task.from(table).text("text").label("label").validation(table).test(table);
    }
}
