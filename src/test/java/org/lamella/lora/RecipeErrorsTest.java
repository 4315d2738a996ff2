// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Recipes that cannot be: each is refused before anything is computed, in one sentence. */
final class RecipeErrorsTest {

    private static final Training HOW = Training.standard().epochs(1).batchSize(4);

    private static Transformer model;

    @BeforeAll
    static void load() {
        model = Tiny.model("encoder");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static void refused(Supplier<?> call, String message) {
        assertThatThrownBy(call::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static Lora recipe() {
        return Lora.on(LayerSet.of(4, 1, 3));
    }

    @Test
    void eachNumberOfARecipeIsChecked() {
        refused(() -> recipe().rank(0), "rank must be at least 1; got 0");
        refused(() -> recipe().rank(-8), "rank must be at least 1; got -8");
        refused(() -> recipe().alpha(Double.NaN), "alpha must be a number above 0; got NaN");
        refused(() -> recipe().alpha(0), "alpha must be a number above 0; got 0.0");
        refused(() -> recipe().alpha(Double.POSITIVE_INFINITY), "alpha must be a number above 0; got Infinity");
        refused(() -> recipe().dropout(1), "dropout must be at least 0 and below 1; got 1.0");
        refused(() -> recipe().dropout(Double.NaN), "dropout must be at least 0 and below 1; got NaN");
        refused(
                () -> Lora.on(LayerSet.none(4)),
                "layers must hold at least one layer; got 0000, layers [] of 4; to train the head alone use"
                        + " Lora.headOnly()");
        refused(
                () -> recipe().layers(LayerSet.none(4)),
                "layers must hold at least one layer; got 0000, layers [] of 4; to train the head alone use"
                        + " Lora.headOnly()");
    }

    @Test
    void eachNumberOfATrainingIsChecked() {
        refused(() -> HOW.epochs(0), "epochs must be at least 1; got 0");
        refused(() -> HOW.batchSize(0), "batchSize must be at least 1; got 0");
        refused(() -> HOW.accumulation(0), "accumulation must be at least 1; got 0");
        refused(() -> HOW.learningRate(Double.NaN), "learningRate must be a number of at least 0; got NaN");
        refused(() -> HOW.learningRate(-1), "learningRate must be a number of at least 0; got -1.0");
        refused(() -> HOW.warmup(1.5), "warmup must be a share of the steps, 0 to 1; got 1.5");
        refused(() -> HOW.weightDecay(-0.1), "weightDecay must be a number of at least 0; got -0.1");
        refused(() -> HOW.clip(Double.NaN), "clip must be a number of at least 0; got NaN");
        refused(() -> HOW.maxTokens(1), "maxTokens must be at least 2; got 1");
        refused(() -> HOW.evaluate(Tiny.task(8).test(), 0), "everySteps must be at least 1; got 0");
    }

    @Test
    void aMaskOfTheWrongLengthNamesBothDepths() {
        Split train = Tiny.task(8).train();
        String message = "layers must belong to a model of depth 4, as encoder is; got 010101, layers [1, 3, 5] of 6";
        refused(() -> Lora.on(LayerSet.parse("010101")).train(model, train, HOW), message);
        refused(() -> Lora.on(LayerSet.parse("010101")).trainableParameters(model), message);
        refused(() -> LayerSet.parse("01x1"), "mask must be zeros and ones, layer 0 first; got \"01x1\"");
        refused(() -> LayerSet.parse(""), "mask must be zeros and ones, layer 0 first; got \"\"");
        refused(() -> LayerSet.of(4, 4), "layer must be 0 to 3; got 4");
        refused(() -> LayerSet.of(4, -1), "layer must be 0 to 3; got -1");
        refused(() -> LayerSet.all(0), "depth must be at least 1; got 0");
    }

    @Test
    void aRankAboveTheWidthOfEveryTargetIsNamed() {
        refused(
                () -> recipe().rank(33).train(model, Tiny.task(8).train(), HOW),
                "rank must be at most 32, the width of the widest target of encoder; got 33");
        assertThat(recipe().rank(48).targets("intermediate.dense").trainableParameters(model))
                .isEqualTo(2L * 48 * (32 + 48));
    }

    @Test
    void aTargetThatMatchesNothingNamesTheNearOnes() {
        Split train = Tiny.task(8).train();
        String known = "query, key, value, attention.output.dense, intermediate.dense, output.dense";
        refused(
                () -> recipe().targets("query", "valu").train(model, train, HOW),
                "targets must name modules of encoder (" + known + "); got \"valu\"; did you mean \"value\"?");
        refused(
                () -> recipe().targets("q_proj").trainableParameters(model),
                "targets must name modules of encoder (" + known + "); got \"q_proj\"");
        refused(
                () -> recipe().targets("").train(model, train, HOW),
                "targets must name modules of encoder (" + known + "); got \"\"");
        assertThat(recipe().targets("dense").trainableParameters(model))
                .isEqualTo(2L * 8 * ((32 + 32) + (32 + 48) + (48 + 32)));
    }

    @Test
    void anEmptySplitIsNamed() {
        refused(
                () -> recipe().train(model, Tiny.task(8).train().head(0), HOW),
                "split must hold at least one example to be trained on; got train.head(0) with 0");
        refused(
                () -> recipe().train(
                                model,
                                Tiny.task(8).train(),
                                HOW.evaluate(Tiny.task(8).test().only(), 1)),
                "split must hold at least one example to be measured; got test.only(0 places) with 0");
    }

    @Test
    void unlabelledExamplesAreNamed() {
        Table partly = Table.create(
                "partly",
                StringColumn.create("text", "oil", "ship", "wheat", "bank"),
                StringColumn.create("label", "acq", "earn", "", "ship"));
        Split split = Task.from(partly)
                .text("text")
                .label("label")
                .labels(Tiny.LABELS.toArray(String[]::new))
                .validation(0)
                .test(0)
                .train();
        refused(
                () -> recipe().train(model, split, HOW),
                "every example must have its label to be trained on; got 1 of 4 in train without, the first at 2");
        refused(
                () -> recipe().train(model, Tiny.task(8).train(), HOW.evaluate(split, 1)),
                "every example must have its label to be measured; got 1 of 4 in train without, the first at 2");
    }

    @Test
    void whatIsMeasuredOnTheWayMustHaveTheSameAnswers() {
        refused(
                () -> recipe().train(
                                model,
                                Tiny.task(8).train(),
                                HOW.evaluate(Tiny.regression(8).test(), 1)),
                "evaluated split must have the answers of tiny, " + Tiny.LABELS + "; got tiny numbers with a number");
        refused(
                () -> recipe().train(
                                model,
                                Tiny.regression(8).train(),
                                HOW.evaluate(Tiny.task(8).test(), 1)),
                "evaluated split must have the answers of tiny numbers, a number; got tiny with " + Tiny.LABELS);
    }

    @Test
    void aMetricThatCannotJudgeTheTaskIsNamedBeforeTheFirstStep() {
        Split train = Tiny.task(8).train();
        refused(
                () -> recipe().train(
                                model,
                                train,
                                HOW.evaluate(Tiny.task(8).metrics("acuracy").test(), 1)),
                "metric must be one of accuracy, F1, macro F1, Matthews, Pearson, Spearman, token accuracy, token probability; got \"acuracy\"; did you mean"
                        + " \"accuracy\"?");
        refused(
                () -> recipe().train(
                                model,
                                train,
                                HOW.evaluate(Tiny.task(8).metrics("F1").test(), 1)),
                "labels must be 2 for F1; got 8; did you mean \"macro F1\"?");
        refused(
                () -> recipe().train(
                                model,
                                Tiny.regression(8).train(),
                                HOW.evaluate(
                                        Tiny.regression(8).metrics("accuracy").test(), 1)),
                "metric must compare numbers (Pearson, Spearman); got \"accuracy\"");
    }

    @Test
    void aClosedModelOrAdapterSaysSo() {
        Split train = Tiny.task(8).train();
        Transformer closed = Tiny.model("encoder");
        Run run = recipe().train(closed, train, HOW);
        closed.close();
        assertThatThrownBy(() -> recipe().train(closed, train, HOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("model \"encoder\" is closed; load it again");
        assertThatThrownBy(() -> run.evaluate(train))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("model \"encoder\" is closed; load it again");

        Transformer adapted = model.with(run.adapter());
        run.adapter().close();
        String message = "adapter is closed; load it or train it again";
        assertThatThrownBy(() -> model.with(run.adapter()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> adapted.predict("oil")).hasMessage(message);
        assertThatThrownBy(() -> run.adapter().save(Path.of("target/never"))).hasMessage(message);
    }

    @Test
    void layersAndBoundariesOfAnAdapterAreChecked() {
        Adapter adapter = recipe().train(model, Tiny.task(8).train(), HOW).adapter();
        refused(() -> adapter.keeping(5), "boundary must be 0 to 4; got 5");
        refused(() -> adapter.keeping(-1), "boundary must be 0 to 4; got -1");
        refused(
                () -> adapter.keeping(LayerSet.parse("010")),
                "layers must belong to a model of depth 4; got 010, layers [1] of 3");
        refused(() -> adapter.labels(List.of("a")), "labels must be 8; got 1: [a]");
        adapter.close();
    }
}
