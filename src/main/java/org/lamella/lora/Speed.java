// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.BatchShape;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How many floating-point operations a second this machine does for a model: in layers without gradient, and in layers
 * with pairs, forward and backward together. Measured by real training steps on one group of the wanted shape.
 *
 * @param still operations a second where nothing has a gradient
 * @param training operations a second where all layers have pairs
 */
record Speed(double still, double training) {

    private static final Map<String, Speed> MEASURED = new ConcurrentHashMap<>();
    private static final int REPEATS = 5;

    /** Returns the speed for a group of that shape: measured the first time in this JVM, some seconds, then remembered. */
    static Speed of(Transformer model, Lora recipe, Training training, BatchShape shape) {
        Lora part = recipe.parts().get(0);
        Lora every = part.layers().isEmpty() ? Lora.on(model.layers()) : part.layers(model.layers());
        // the decomposition at the start of PiSSA takes long and is not part of a step
        Lora measured = part.form().principal() ? Lora.on(model.layers()).rank(part.rank()) : every;
        String key = model.folder() + " " + CountedStep.bytes(model) + " " + measured + " " + shape + " "
                + training.baseDropout();
        Speed known = MEASURED.get(key);
        if (known == null) {
            try (OneTraining only = OneTraining.begin()) {
                known = measure(model, measured, training.baseDropout(), shape);
            }
            MEASURED.put(key, known);
        }
        return known;
    }

    private static Speed measure(Transformer model, Lora every, boolean baseDropout, BatchShape shape) {
        Training how = Training.standard()
                .epochs(1)
                .batchSize(shape.examples())
                .maxTokens(shape.columns())
                .baseDropout(baseDropout);
        Cost whole = Cost.of(model, every, how);
        double training = whole.flops() / seconds(model, every, how, shape);
        // the head of a model that writes is frozen: there a step with pairs in the last layer says what the others
        // take
        Lora least =
                shape.read() > shape.examples() ? every.layers(model.layers().last(1)) : Lora.headOnly();
        Cost none = Cost.of(model, least, how);
        double trained = least.layers().isEmpty() ? 0 : none.flops() - none.flopsBelow(model.depth() - 1);
        double left = seconds(model, least, how, shape) - trained / training;
        return new Speed((none.flops() - trained) / Math.max(left, 1e-6), training);
    }

    // the fastest of some steps after one to warm up: that which others disturbed least
    private static double seconds(Transformer model, Lora recipe, Training how, BatchShape shape) {
        Split split = longTexts(shape).train();
        Transformer cutting = model.maxTokens(shape.columns());
        List<List<int[]>> plan =
                List.of(List.of(IntStream.range(0, split.size()).toArray()));
        Pass pass = model.pass().withDropout(how.baseDropout(), recipe.dropout());
        double[] seconds = new double[REPEATS];
        try (Adapter adapter = FreshAdapter.of(recipe, cutting, split, how)) {
            Trainer trainer = Trainer.of(recipe, cutting, how, adapter, cutting.batches(split), plan);
            time(trainer, pass, seconds);
        }
        return Arrays.stream(seconds).min().orElseThrow();
    }

    private static void time(Trainer trainer, Pass pass, double[] seconds) {
        try (AdamW optimizer = trainer.optimizer();
                LastGood good = new LastGood(trainer.trained())) {
            trainer.step(pass, optimizer, good, 0);
            for (int i = 0; i < REPEATS; i++) {
                long start = System.nanoTime();
                trainer.step(pass, optimizer, good, 0);
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
    }

    // texts that any tokenizer cuts at the wanted length
    private static Task longTexts(BatchShape shape) {
        Table table = Table.create(
                "long texts",
                StringColumn.create("text", IntStream.range(0, shape.examples()).mapToObj(i -> ("word " + i + " ")
                        .repeat(shape.columns()))),
                StringColumn.create(
                        "label", IntStream.range(0, shape.examples()).mapToObj(i -> i % 2 == 0 ? "a" : "b")));
        if (shape.read() > shape.examples()) {
            return Task.from(table)
                    .text("label")
                    .answer("text")
                    .validation(table)
                    .test(table);
        }
        return Task.from(table).text("text").label("label").validation(table).test(table);
    }
}
