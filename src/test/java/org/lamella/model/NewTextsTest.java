// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Texts that nobody has labelled, as a person has them in a table. */
final class NewTextsTest {

    private static final List<String> TEXTS = List.of("oil rose", "", "ship wheat fell", "bank cut");

    private static final Table TABLE = Table.create("inbox", StringColumn.create("body", TEXTS.stream()));

    @Test
    void eachRowGetsALabelAndTheProbabilityOfEveryLabel() {
        try (Transformer model = Tiny.model("model")) {
            Table answers = model.predict(Task.from(TABLE).text("body")).table();

            assertThat(answers.columnNames().subList(0, 3)).containsExactly("text", "predicted", "probability");
            assertThat(answers.columnNames().subList(3, answers.columnCount()))
                    .containsExactlyElementsOf(
                            Tiny.LABELS.stream().map("probability of "::concat).toList());
            assertThat(answers.stringColumn("text").asList()).isEqualTo(TEXTS);
            for (int row = 0; row < TEXTS.size(); row++) {
                int at = row;
                Prediction alone = model.predict(TEXTS.get(row));
                assertThat(answers.stringColumn("predicted").get(row)).isEqualTo(alone.label());
                IntStream.range(0, Tiny.LABELS.size()).forEach(label -> assertThat(
                                answers.doubleColumn(3 + label).get(at))
                        .isCloseTo(alone.probabilities().get(label), within(1e-5)));
            }
        }
    }

    @Test
    void aModelForNumbersGivesAValueAndNothingElse() {
        try (Transformer model = Tiny.model("regression")) {
            Predictions values = model.predict(Task.from(TABLE).text("body"));

            assertThat(values.table().columnNames()).containsExactly("text", "value");
            assertThat(values.table().doubleColumn("value").get(0))
                    .isCloseTo(model.predict("oil rose").probabilities().get(0), within(1e-5));
        }
    }

    @Test
    void theyAreATaskWithNothingToLearnFromAndCannotBeMeasured() {
        Task task = Task.from(TABLE).text("body").unlabelled("acq", "earn");

        assertThat(task).hasToString("inbox: classification, 2 labels, train 0, validation 0, test 4");
        assertThat(task.notes()).containsExactly("test: 1 text is empty", "test: 4 examples have no label");
        assertThat(task.test().recipe())
                .isEqualTo("Task.from(table).text(\"body\").unlabelled(\"acq\", \"earn\").test()");
        assertThatThrownBy(() -> Evaluation.requireMeasurable(task.test()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4");
        assertThatThrownBy(() -> Task.from(TABLE).unlabelled("acq", "earn"))
                .hasMessage("text must name a column before unlabelled; got none");
    }
}
