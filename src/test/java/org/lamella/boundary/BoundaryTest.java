// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.base.Matrix;
import org.lamella.base.Progress;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The invariants of a sweep, bit for bit, on a tiny random Bert under an adapter in which every layer matters. */
final class BoundaryTest {

    private static final List<String> WORDS =
            List.of("oil", "bank", "profit", "loss", "stock", "price", "market", "it");
    private static final List<String> LABELS = List.of("a", "b", "c");

    private static Transformer model;
    private static Scope scope;
    private static Split split;
    private static RandomAdapter adapter;

    @BeforeAll
    static void load() {
        model = Transformer.load("src/test/resources/golden/bert/model");
        scope = Scope.open();
        split = texts(300).train();
        adapter = RandomAdapter.over(model, model.layers(), LABELS, scope);
    }

    @AfterAll
    static void close() {
        scope.close();
        model.close();
    }

    private static Task texts(int n) {
        SplittableRandom random = new SplittableRandom(1);
        StringColumn text = StringColumn.create(
                "text", IntStream.range(0, n).mapToObj(i -> IntStream.rangeClosed(0, random.nextInt(30))
                        .mapToObj(t -> WORDS.get(random.nextInt(WORDS.size())))
                        .collect(Collectors.joining(" "))));
        StringColumn label =
                StringColumn.create("label", IntStream.range(0, n).mapToObj(i -> LABELS.get(i % LABELS.size())));
        return Task.from(Table.create("words", text, label)).text("text").label("label");
    }

    @Test
    void everyBoundaryIsTheAdapterCutThereBitForBit() {
        Sweep sweep = Boundary.sweep(model, adapter, split);

        for (int b = 0; b <= model.depth(); b++) {
            Matrix naive = model.with(adapter.keeping(b)).predict(split).logits();
            assertThat(sweep.evaluation(b).predictions().logits())
                    .as("boundary " + b)
                    .isEqualTo(naive);
        }
    }

    @Test
    void theDepthIsThePlainAdapterAndNoughtTheBareEncoderUnderItsHead() {
        Sweep sweep = Boundary.sweep(model, adapter, split);
        RandomAdapter headOnly = adapter.keeping(0);

        assertThat(headOnly.layers()).isEqualTo(LayerSet.none(model.depth()));
        assertThat(sweep.evaluation(model.depth()).metrics())
                .isEqualTo(Evaluation.measure(model.with(adapter), split).metrics());
        assertThat(sweep.evaluation(0).metrics())
                .isEqualTo(Evaluation.measure(model.with(headOnly), split).metrics());
        assertThat(sweep.evaluation(0).predictions().logits())
                .isNotEqualTo(sweep.evaluation(model.depth()).predictions().logits());
    }

    @Test
    void boundariesThatKeepTheSameLayersAreComputedOnceAndMarked() {
        LayerSet some = LayerSet.parse("0100");
        RandomAdapter sparse = RandomAdapter.over(model, some, LABELS, scope);

        Sweep sweep = Boundary.sweep(model, sparse, split);

        Table table = sweep.table();
        assertThat(table.stringColumn("kept").asList()).containsExactly("0000", "0000", "0100", "0100", "0100");
        assertThat(table.intColumn("layer passes").asList()).containsExactly(4, 0, 4, 0, 0);
        assertThat(table.intColumn("same as").isMissing(0)).isTrue();
        assertThat(table.intColumn("same as").get(1)).isEqualTo(0);
        assertThat(table.intColumn("same as").get(4)).isEqualTo(2);
        assertThat(sweep.evaluation(4)).isSameAs(sweep.evaluation(2));
        assertThat(sweep.evaluation(4).predictions().logits())
                .isEqualTo(model.with(sparse).predict(split).logits());
    }

    @Test
    void aFullAdapterCostsAQuarterFewerPassesAtDepthFour() {
        Table table = Boundary.sweep(model, adapter, split).table();

        int depth = model.depth();
        assertThat(table.intColumn("layer passes").sum()).isEqualTo(depth + depth * (depth + 1) / 2.0);
        assertThat(table.columnNames())
                .containsExactly(
                        "boundary",
                        "kept",
                        "loss",
                        "loss low",
                        "loss high",
                        "accuracy",
                        "accuracy low",
                        "accuracy high",
                        "macro F1",
                        "macro F1 low",
                        "macro F1 high",
                        "layer passes");
    }

    @Test
    void theTraceEndsInTheModelsOwnAnswer() {
        Trace trace = Boundary.trace(model, adapter, split);

        Predictions own = model.with(adapter).predict(split);
        Predictions bare = model.with(adapter.keeping(0)).predict(split);
        assertThat(trace.adapted(model.depth()).value()).isEqualTo(probability(own));
        assertThat(trace.bare(model.depth()).value()).isEqualTo(probability(bare));
        assertThat(trace.adapted(0)).isEqualTo(trace.bare(0));
        assertThat(trace.table().columnNames())
                .containsExactly(
                        "layers",
                        "adapted",
                        "adapted low",
                        "adapted high",
                        "bare",
                        "bare low",
                        "bare high",
                        "gap",
                        "gap low",
                        "gap high");
    }

    private static double probability(Predictions predictions) {
        double sum = 0;
        for (int i = 0; i < predictions.size(); i++) {
            sum += Math.exp(-predictions.loss(i));
        }
        return sum / predictions.size();
    }

    @Test
    void stoppedItReturnsWhatItHasAndSaysSo() {
        Split many = texts(3_000).train();

        Sweep sweep = Progress.listening(
                event -> {
                    if (event.done() == 0) {
                        Thread.currentThread().interrupt();
                    }
                },
                () -> Boundary.sweep(model, adapter, many));

        int measured = sweep.evaluation(0).predictions().size();
        assertThat(measured).isEqualTo(4); // the first batch, which is small so that ■ is heard soon
        assertThat(sweep.provenance().warnings())
                .contains("stopped after " + measured + " of the " + many.size()
                        + " examples, the shortest texts first: not representative");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void lookingOnTrainedExamplesWarns() {
        Sweep sweep = Boundary.sweep(model, adapter.trainedOn(split.head(10)), split);

        assertThat(sweep.provenance().warnings())
                .contains("looked for on trained examples: the adapter was trained on train.head(10), which shares"
                        + " examples with train");
    }

    @Test
    void theChoiceRemembersWhatItWasPickedOn() {
        Sweep sweep = Boundary.sweep(model, adapter, split);

        assertThat(sweep.boundary().pickedOn()).isEqualTo(split);
        assertThat(sweep.chart().toString()).isEqualTo(sweep.toString());
    }

    private static Split numbers(int n) {
        return Task.from(Table.create(
                        "numbers",
                        StringColumn.create("text", IntStream.range(0, n).mapToObj(i -> "oil price " + i)),
                        DoubleColumn.create("score", IntStream.range(0, n).mapToDouble(i -> i % 7))))
                .text("text")
                .target("score")
                .train();
    }

    @Test
    void aRegressionIsSweptBySquaredErrorAndCorrelation() {
        Split numbers = numbers(60);
        RandomAdapter regression = RandomAdapter.over(model, model.layers(), List.of(), scope);

        Sweep sweep = Boundary.sweep(model, regression, numbers);

        assertThat(sweep.evaluation(2).metrics())
                .isEqualTo(Evaluation.measure(model.with(regression.keeping(2)), numbers)
                        .metrics());
        assertThat(sweep.table().columnNames()).contains("loss", "Pearson low", "Spearman high");
    }

    @Test
    void badInputIsNamed() {
        Split empty = split.head(0);
        Split numbers = numbers(20);

        assertThatThrownBy(() -> Boundary.sweep(model, adapter, empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("split must hold at least one example to be measured; got train.head(0) with 0");
        Trace trace = Boundary.trace(model, RandomAdapter.over(model, model.layers(), List.of(), scope), numbers);
        assertThat(trace.measure()).isEqualTo(Measure.LOSS);
        assertThatThrownBy(() -> trace.in(Measure.RANK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("measure must be LOSS for " + numbers.task().name() + ", a regression; got RANK");
        Sweep sweep = Boundary.sweep(model, adapter, split.head(8));
        assertThatThrownBy(() -> sweep.evaluation(5)).hasMessage("boundary must be 0 to 4; got 5");
    }
}
