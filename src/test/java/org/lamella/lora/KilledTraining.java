// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.nio.file.Path;
import org.lamella.base.LayerSet;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;

/**
 * Trains the golden BERT with every dropout on and a checkpoint after each second step, and saves the adapter when it is
 * done. Argument: a folder, which holds the checkpoint from one start to the next. Prints a line when the training begins.
 */
public final class KilledTraining {

    private KilledTraining() {}

    /** Trains to the end, from wherever the last start came to. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        Transformer model = Tiny.model("encoder");
        Training how = training().checkpoints(folder.resolve("checkpoint"), 2);
        Lora.on(LayerSet.of(4, 1, 3)).train(model, Tiny.task(96).train(), how); // compiles what a start costs once
        System.out.println("training");
        Run run = recipe().train(model, Tiny.task(96).train(), how.checkpoints(folder.resolve("own"), 2));
        run.adapter().save(folder.resolve("adapter"));
        System.out.println("done after step " + run.steps());
    }

    static Lora recipe() {
        return Lora.on(LayerSet.of(4, 0, 1, 3)).rank(4).alpha(8).dropout(0.1).dora();
    }

    static Training training() {
        return Training.standard().epochs(6).batchSize(4).learningRate(0.01).seed(5);
    }
}
