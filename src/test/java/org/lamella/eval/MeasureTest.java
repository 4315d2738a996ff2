// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Measuring a model that runs: a tiny random Bert under a new head. */
final class MeasureTest {

    private static final Split SPLIT = Fixture.labelled(80, 3);

    private static Transformer model;
    private static Scope scope;
    private static HeadOnly head;

    @BeforeAll
    static void load() {
        model = Transformer.load("src/test/resources/golden/bert/model");
        scope = Scope.open();
        head = HeadOnly.over(model, SPLIT.task().labels(), scope);
    }

    @AfterAll
    static void close() {
        scope.close();
        model.close();
    }

    @Test
    void measuringIsPredictingAndJudging() {
        Evaluation measured = Evaluation.measure(model.with(head), SPLIT);

        assertThat(measured.metrics())
                .isEqualTo(Evaluation.of(model.with(head).predict(SPLIT)).metrics());
        assertThat(measured.name()).isEqualTo("layers 0000");
        assertThat(measured.provenance().recipe())
                .isEqualTo("var model = " + model.with(head).recipe() + ";\nvar measured = Evaluation.measure(model, "
                        + SPLIT.recipe() + ");");
        assertThat(measured.provenance().facts()).containsEntry("examples", String.valueOf(SPLIT.size()));
        assertThat(measured.provenance().warnings()).isEmpty();
    }

    @Test
    void pickingAndReportingOnTheSameExamplesWarnsAndNamesBoth() {
        HeadOnly looked = head.looked(SPLIT.head(10), SPLIT.head(5));

        assertThat(Evaluation.measure(model.with(looked), SPLIT).provenance().warnings())
                .containsExactly(
                        "picked and reported on the same examples: layers or boundary were picked on train.head(10),"
                                + " which shares examples with train",
                        "trained and reported on the same examples: the adapter was trained on train.head(5), which"
                                + " shares examples with train");
        assertThat(Evaluation.measure(model.with(looked), SPLIT.task().test())
                        .provenance()
                        .warnings())
                .isEmpty();
    }

    @Test
    void aComparisonNamesWhatDiffersBeyondTheLayersAndKnowsTheCosts() {
        Evaluation reference = Evaluation.measure(
                        model.with(head.settings(Map.of("layers", "1100", "rank", "8"))), SPLIT)
                .named("half");
        Evaluation control = Evaluation.measure(model.with(head.settings(Map.of("layers", "0011", "rank", "8"))), SPLIT)
                .named("other half");
        Evaluation odd = Evaluation.measure(model.with(head.settings(Map.of("layers", "1100", "rank", "16"))), SPLIT)
                .named("odd");

        Comparison comparison = reference.against(control, odd);

        assertThat(comparison.provenance().warnings())
                .containsExactly("\"odd\" differs from \"half\" beyond the layers: rank 16 instead of 8");
        assertThat(comparison.table().longColumn("parameters").asList()).containsOnly(99L);
        assertThat(comparison.table().doubleColumn("seconds").asList()).containsOnly(1.5);
    }

    @Test
    void unlabelledExamplesAreAnErrorThatCountsThem() {
        StringColumn text = StringColumn.create("body", IntStream.range(0, 30).mapToObj(i -> "oil " + i));
        StringColumn label =
                StringColumn.create("topic", IntStream.range(0, 30).mapToObj(i -> i % 10 == 7 ? "" : "x" + i % 3));
        Split partly = Task.from(Table.create("partly", text, label))
                .text("body")
                .label("topic")
                .validation(0)
                .test(0)
                .train();

        assertThatThrownBy(() -> Evaluation.measure(model.with(head), partly))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every example must have its label to be measured; got 3 of 30 in train without,"
                        + " the first at 7");
    }

    @Test
    void aHeadOfOtherLabelsIsAnError() {
        HeadOnly other = HeadOnly.over(model, List.of("yes", "no"), scope);

        assertThatThrownBy(() -> Evaluation.measure(model.with(other), SPLIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("head must answer with the labels of "
                        + SPLIT.task().name() + ", [label 0, label 1, label 2]; got [yes, no]");
    }
}
