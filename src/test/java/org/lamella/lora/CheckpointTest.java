// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;

/** Trainings that go on where an earlier start came to. */
final class CheckpointTest {

    private static final Training HOW =
            Training.standard().epochs(2).batchSize(4).learningRate(0.01);

    private static Transformer model;
    private static Split split;

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        model = Tiny.model("encoder");
        split = Tiny.task(16).train();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Lora recipe() {
        return Lora.on(LayerSet.of(4, 1, 3)).rank(4).dropout(0.1);
    }

    @Test
    void aTrainingThatIsDoneIsNotDoneAgain() {
        Run first = recipe().train(model, split, HOW.checkpoints(folder, 3));
        Run again = recipe().train(model, split, HOW.checkpoints(folder, 3));

        assertThat(again.steps()).isEqualTo(8);
        assertThat(again.table().toString()).isEqualTo(first.table().toString());
        assertThat(again.provenance().facts())
                .containsEntry("checkpoints", folder + ", went on after step 8 of an earlier start");
        assertThat(again.model().predict(split).logits())
                .isEqualTo(first.model().predict(split).logits());
    }

    @Test
    void checkpointsChangeNoNumber() {
        Run with = recipe().train(model, split, HOW.checkpoints(folder, 1).evaluate(split, 3));
        Run without = recipe().train(model, split, HOW.evaluate(split, 3));

        assertThat(with.model().predict(split).logits())
                .isEqualTo(without.model().predict(split).logits());
        assertThat(with.measurements().table().toString())
                .isEqualTo(without.measurements().table().toString());
    }

    @Test
    void theCheckpointOfAnotherTrainingIsLeftAlone() throws IOException {
        recipe().train(model, split, HOW.checkpoints(folder, 3));
        byte[] before = Files.readAllBytes(folder.resolve(Checkpoint.FILE));

        assertThatThrownBy(() -> recipe().rank(2).train(model, split, HOW.checkpoints(folder, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("checkpoint must belong to this training, encoder (4 x 32), tiny train (")
                .hasMessageContaining("rank(2)")
                .hasMessageContaining("; got that of ")
                .hasMessageEndingWith(" in " + folder + "; take another folder, or delete it to begin anew");
        assertThat(Files.readAllBytes(folder.resolve(Checkpoint.FILE))).isEqualTo(before);
    }

    @Test
    void aFileThatIsNoCheckpointSaysSo() throws IOException {
        Files.writeString(folder.resolve(Checkpoint.FILE), "");

        assertThatThrownBy(() -> recipe().train(model, split, HOW.checkpoints(folder, 3)))
                .isInstanceOf(FormatException.class)
                .hasMessage("[checkpoint.safetensors] file must start with 8 bytes of header length; it has 0 bytes");
    }

    @Test
    void stepsBetweenCheckpointsAreAtLeastOne() {
        assertThatThrownBy(() -> HOW.checkpoints(folder, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("everySteps must be at least 1; got 0");
    }

    @Test
    void snapshotsAreTheAdapterOnItsWayAndChangeNothing() {
        Run plain = recipe().train(model, split, HOW);

        Run run = recipe().train(model, split, HOW.snapshots(folder, 2));

        assertThat(run.table().doubleColumn("loss").asList())
                .isEqualTo(plain.table().doubleColumn("loss").asList());
        int last = run.steps();
        Adapter end = Adapter.load(folder.resolve("step-" + last));
        assertThat(model.with(end).predict(split).logits())
                .isEqualTo(run.model().predict(split).logits());
        assertThat(model.with(Adapter.load(folder.resolve("step-2")))
                        .predict(split)
                        .logits())
                .isNotEqualTo(run.model().predict(split).logits());
        assertThat(folder.resolve("step-1")).doesNotExist();
        assertThatThrownBy(() -> HOW.snapshots(folder, 0)).hasMessage("everySteps must be at least 1; got 0");
    }
}
