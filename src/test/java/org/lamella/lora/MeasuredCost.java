// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Batches;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.AdamW;

/**
 * Trains some steps and prints what they took beside what {@link Cost} says: memory of its own that the process gained, and
 * seconds. Arguments: the mask of the layers, {@code on} or {@code off} for every dropout, texts a step, tokens a text.
 *
 * <p>Before memory is looked at, one step on a single short text has loaded every library and compiled every function.
 * Java's heap must be fixed and touched from the start, or what it gains is counted.
 */
public final class MeasuredCost {

    private static final int STEPS = 12;

    private MeasuredCost() {}

    /** Measures. */
    public static void main(String[] arguments) throws IOException {
        LayerSet layers = LayerSet.parse(arguments[0]);
        boolean dropout = arguments[1].equals("on");
        int batch = Integer.parseInt(arguments[2]);
        int tokens = Integer.parseInt(arguments[3]);
        Task task = Task.load("reuters-r8");
        try (Transformer whole = Transformer.load("minilm")) {
            Transformer model = whole.maxTokens(tokens);
            Lora recipe = Lora.on(layers).rank(8).alpha(16).dropout(dropout ? 0.1 : 0);
            Training how =
                    Training.standard().batchSize(batch).maxTokens(tokens).baseDropout(dropout);
            Split split = longest(task.train(), model, batch);
            Cost cost = Cost.of(model, recipe, how).outputs(task.labels().size());
            Pass pass = model.pass().withDropout(dropout, recipe.dropout());
            double[] warm = steps(whole.maxTokens(8), recipe, task.train().head(1), how, pass);
            System.out.printf("warm after %d steps%n", warm.length);
            double before = own("RssAnon");
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            double fileBefore = own("RssFile");
            double[] seconds = steps(model, recipe, split, how, pass);
            double peak = own("VmHWM") - own("RssFile") - own("RssShmem");
            System.out.printf(
                    "%s memory: said %.1f MiB, took %.1f MiB (mapped grew by %.1f)%n",
                    Arrays.toString(arguments),
                    cost.allocated() / (1 << 20),
                    peak - before,
                    own("RssFile") - fileBefore);
            System.out.printf("seconds: said %.4f, took %.4f%n", cost.seconds(), seconds[0]);
        }
    }

    // texts that fill all their tokens
    private static Split longest(Split split, Transformer model, int batch) {
        Batches batches = model.batches(split);
        int[] full = IntStream.range(0, split.size())
                .filter(i -> batches.length(i) == model.maxTokens())
                .limit(batch)
                .toArray();
        return split.only(full);
    }

    // sorted seconds of the steps, without the first
    private static double[] steps(Transformer model, Lora recipe, Split split, Training how, Pass pass) {
        List<List<int[]>> plan =
                List.of(List.of(IntStream.range(0, split.size()).toArray()));
        double[] seconds = new double[STEPS];
        try (Adapter adapter = FreshAdapter.of(recipe, model, split, how)) {
            Trainer trainer = Trainer.of(recipe, model, how, adapter, model.batches(split), plan);
            try (AdamW optimizer = trainer.optimizer();
                    LastGood good = new LastGood(trainer.trained())) {
                trainer.step(pass, optimizer, good, 0);
                for (int i = 0; i < STEPS; i++) {
                    long start = System.nanoTime();
                    trainer.step(pass, optimizer, good, 0);
                    seconds[i] = (System.nanoTime() - start) / 1e9;
                }
            }
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private static double own(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(name + ":"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                / 1024.0;
    }
}
