// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.Choice;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Comparison;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Adapter;
import org.lamella.lora.Lora;
import org.lamella.lora.Run;
import org.lamella.lora.Training;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;

/** The boundary of an adapter trained on the real MiniLM and Reuters R8, cut by cut against the naive way. */
class RealBoundaryIT {

    private static final Training BRIEF =
            Training.standard().epochs(2).batchSize(16).learningRate(3e-3).maxTokens(48);

    private static Transformer model;
    private static Task task;
    private static Run run;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() {
        model = Transformer.load("minilm");
        task = Task.load("reuters-r8");
        run = Lora.on(model.layers()).rank(4).train(model, task.train().sample(160, 0), BRIEF);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theSweepIsTheNaiveOneBitForBit() {
        Split split = task.validation().sample(60, 0);

        Sweep sweep = Boundary.sweep(model, run.adapter(), split);

        for (int b = 0; b <= model.depth(); b++) {
            assertThat(sweep.evaluation(b).predictions().logits())
                    .as("boundary " + b)
                    .isEqualTo(
                            model.with(run.adapter().keeping(b)).predict(split).logits());
        }
        assertThat(sweep.evaluation(model.depth()).metrics())
                .isEqualTo(run.evaluate(split).metrics());
        assertThat(sweep.table().intColumn("layer passes").sum()).isEqualTo(27);
        assertThat(Boundary.trace(model, run.adapter(), split)
                        .adapted(model.depth())
                        .value())
                .isEqualTo(probability(sweep.evaluation(model.depth()).predictions()));
    }

    private static double probability(Predictions predictions) {
        double sum = 0;
        for (int i = 0; i < predictions.size(); i++) {
            sum += Math.exp(-predictions.loss(i));
        }
        return sum / predictions.size();
    }

    @Test
    void anAdapterOnSomeLayersReadFromDiskIsSweptTheSame() {
        Split split = task.validation().sample(30, 1);
        LayerSet some = LayerSet.parse("010100");
        Adapter sparse = run.adapter().keeping(some);
        sparse.save(folder.resolve("sparse"));

        Sweep sweep = Boundary.sweep(model, Adapter.load(folder.resolve("sparse")), split);

        assertThat(sweep.table().stringColumn("kept").asList())
                .containsExactly("000000", "000000", "010000", "010000", "010100", "010100", "010100");
        for (int b = 0; b <= model.depth(); b++) {
            assertThat(sweep.evaluation(b).predictions().logits())
                    .as("boundary " + b)
                    .isEqualTo(model.with(sparse.keeping(b)).predict(split).logits());
        }
    }

    @Test
    void whatIsKeptCanBeSavedMeasuredAndCompared() {
        Split looked = task.validation().sample(60, 0);
        Choice three = new Choice(3, "half the model", looked);

        Adapter kept = run.adapter().keeping(three);
        kept.save(folder.resolve("kept"));
        Evaluation again = Evaluation.measure(model.with(Adapter.load(folder.resolve("kept"))), looked);
        Evaluation measured = Evaluation.measure(model.with(kept), looked).named("kept");
        Comparison comparison = measured.against(run.evaluate(looked).named("all"));

        assertThat(again.metrics()).isEqualTo(measured.metrics());
        assertThat(measured.provenance().warnings())
                .containsExactly("picked and reported on the same examples: layers or boundary were picked on "
                        + looked.name() + ", which shares examples with " + looked.name());
        assertThat(comparison.provenance().warnings()).noneMatch(warning -> warning.contains("beyond the layers"));
        assertThat(comparison.table().longColumn("parameters").get(0))
                .isLessThan(comparison.table().longColumn("parameters").get(1));
    }

    @Test
    void keepingNothingIsTheBareEncoderUnderTheTrainedHead() {
        Split split = task.validation().sample(30, 2);
        Adapter nothing = run.adapter().keeping(0);
        nothing.save(folder.resolve("nothing"));

        Evaluation bare = Boundary.sweep(model, run.adapter(), split).evaluation(0);

        assertThat(Evaluation.measure(model.with(nothing), split).metrics()).isEqualTo(bare.metrics());
        assertThat(Evaluation.measure(model.with(Adapter.load(folder.resolve("nothing"))), split)
                        .metrics())
                .isEqualTo(bare.metrics());
    }
}
