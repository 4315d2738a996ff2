// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamella.data.Split;
import org.lamella.data.Task;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A whole model asked for what it cannot do, and texts longer than it takes. */
final class WrongUseTest {

    private static Transformer model;

    @BeforeAll
    static void load() {
        model = Tiny.model("model");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void aModelWithoutAHeadSaysHowToTrainOne() {
        try (Transformer encoder = Tiny.model("encoder")) {
            String message = "model \"encoder\" has no head yet; train one with Lora.on(layers).train(...) or"
                    + " Lora.headOnly().train(...)";
            assertThatThrownBy(() -> encoder.predict("oil"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> encoder.predict(Tiny.task(8).train()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void anotherTasksLabelsAreNamed() {
        Task other = Task.from(Table.create(
                        "mood",
                        StringColumn.create("text", "good", "bad", "fine", "poor"),
                        StringColumn.create("label", "yes", "no", "yes", "no")))
                .text("text")
                .label("label")
                .validation(0)
                .test(0);
        assertThatThrownBy(() -> model.predict(other.train()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("head must answer with the labels of mood, [no, yes]; got " + Tiny.LABELS);
    }

    @Test
    void aHeadForNumbersAndATaskWithLabelsDoNotMix() {
        assertThatThrownBy(() -> model.predict(Tiny.regression(8).train()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("head must answer with a number for tiny numbers, a regression; got " + Tiny.LABELS);
        try (Transformer numbers = Tiny.model("regression")) {
            assertThat(numbers.predict("oil").labels()).isEmpty();
            assertThatThrownBy(() -> numbers.predict(Tiny.task(8).train()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("head must answer with the labels of tiny, " + Tiny.LABELS + "; got a number");
            Predictions values = numbers.predict(Tiny.regression(8).train());
            assertThatThrownBy(() -> values.label(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("label needs a task with labels; tiny numbers is regression");
            assertThatThrownBy(values::mistakes)
                    .hasMessage("label needs a task with labels; tiny numbers is regression");
        }
        Predictions labels = model.predict(Tiny.task(8).train());
        assertThatThrownBy(() -> labels.value(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("value needs a task with targets; tiny is classification");
    }

    @Test
    void anEmptySplitIsNamed() {
        Split empty = Tiny.task(8).train().head(0);
        String message = "split must hold at least one example; got an empty train.head(0)";
        assertThatThrownBy(() -> model.predict(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> model.representations(empty, Position.CLS)).hasMessage(message);
        assertThatThrownBy(() -> model.read(empty, Position.CLS, (examples, states, scope) -> {}))
                .hasMessage(message);
    }

    @Test
    void aLayerOutOfRangeIsNamed() {
        Representations states = model.representations(Tiny.task(8).train(), Position.MEAN);
        assertThatThrownBy(() -> states.layer(5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer must be 0 (the embedding output) to 4; got 5");
        assertThatThrownBy(() -> states.layer(-1)).hasMessage("layer must be 0 (the embedding output) to 4; got -1");
        assertThatThrownBy(() -> model.layers().only(1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer must be one of [0, 1, 2, 3]; got 4");
        assertThatThrownBy(() -> model.layers().first(5)).hasMessage("number of layers must be 0 to 4; got 5");
    }

    @Test
    void aLengthOutOfRangeIsNamed() {
        assertThatThrownBy(() -> model.maxTokens(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxTokens must be 2 to 64 for model; got 1");
        assertThatThrownBy(() -> model.maxTokens(65)).hasMessage("maxTokens must be 2 to 64 for model; got 65");
        assertThat(model.maxTokens(2).tokens("oil").table().rowCount()).isEqualTo(2);
    }

    @Test
    void halfACharacterIsNamedWithItsPlace() {
        assertThatThrownBy(() -> model.tokens("so \uD83D\uDE00 is \uD83D cut"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("text must be whole characters; got half of one, \\ud83d, at 9 of \"so ")
                .hasMessageEndingWith(" cut\"; was it cut there?");
        assertThatThrownBy(() -> model.predict("oil", "\uDE00"))
                .hasMessageStartingWith("text must be whole characters; got half of one, \\ude00, at 0 of ");
        assertThat(model.tokens("\uD83D\uDE00").table().rowCount()).isPositive();
    }

    @Test
    void aClosedModelSaysSo() {
        Transformer closed = Tiny.model("model");
        closed.close();
        closed.close();
        Split split = Tiny.task(8).train();
        String message = "model \"model\" is closed; load it again";
        assertThatThrownBy(() -> closed.predict("oil"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> closed.predict(split)).hasMessage(message);
        assertThatThrownBy(() -> closed.representations(split, Position.CLS)).hasMessage(message);
        assertThatThrownBy(() -> closed.maxTokens(8).predict("oil")).hasMessage(message);
        assertThatThrownBy(closed::table).hasMessage(message);
        assertThat(closed.depth()).isEqualTo(4);
    }

    @Test
    void aTextLongerThanTheModelIsCutAndCounted() {
        String longText = "oil ".repeat(200);
        Task task = Task.from(Table.create(
                        "long",
                        StringColumn.create("text", longText, "oil", "ship " + longText),
                        StringColumn.create("label", "acq", "earn", "ship")))
                .text("text")
                .label("label")
                .labels(Tiny.LABELS.toArray(String[]::new))
                .validation(0)
                .test(0);
        int uncut = model.lengths().tokens(task.train().examples())[0];

        Predictions predictions = model.predict(task.train());
        assertThat(predictions.cut()).isEqualTo(2);
        assertThat(predictions).hasToString("Predictions of 3 examples of train, 2 texts cut");

        Table answers = predictions.table();
        assertThat(answers.name()).isEqualTo("predictions on train, 2 texts cut");
        assertThat(answers.intColumn("tokens cut").asList().get(0)).isEqualTo(uncut - 64);
        assertThat(answers.intColumn("tokens cut").asList().get(1)).isZero();

        Prediction one = model.predict(longText);
        assertThat(one.cut()).isEqualTo(uncut - 64);
        assertThat(one.table().name()).isEqualTo("prediction, its text cut by " + (uncut - 64) + " tokens");
        assertThat(one.toString()).endsWith("), its text cut by " + (uncut - 64) + " tokens");
        assertThat(model.predict("oil").cut()).isZero();

        Table tokens = model.tokens(longText).table();
        assertThat(tokens.rowCount()).isEqualTo(64);
        assertThat(tokens.name()).isEqualTo("tokens, cut at 64 of " + uncut);

        Table summary = task.summary(model.lengths()).table();
        assertThat(summary.doubleColumn("share cut at 64").get(0)).isEqualTo(2.0 / 3);
    }
}
