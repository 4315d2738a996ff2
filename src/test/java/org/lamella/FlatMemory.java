// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lamella.data.Task;
import org.lamella.lora.Lora;
import org.lamella.lora.Run;
import org.lamella.lora.Training;
import org.lamella.model.Transformer;
import org.lamella.tensor.Torch;

/**
 * Runs the load and train cells of a notebook again and again, as a person does, and prints what the process holds after
 * each run: live tensors, its own memory and what it maps. The collector runs after each run, so that what is seen is what
 * is still held and not how long the collector waited.
 *
 * <p>Argument: {@code close} closes what each run made; {@code leave} only forgets it, as a cell that is run again does.
 */
public final class FlatMemory {

    private static final int WARM = 5;
    private static final int RUNS = 20;

    private FlatMemory() {}

    /** Runs the cells. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean close = arguments[0].equals("close");
        Task task = Task.load("reuters-r8");
        for (int i = 1; i <= WARM + RUNS; i++) {
            cells(task, close, i);
            settle();
            String when = i == WARM || i == WARM + RUNS ? "settled " : "run ";
            System.out.println(when + i + ": " + Torch.liveTensors() + " tensors, " + memory());
        }
    }

    private static void cells(Task task, boolean close, int seed) {
        Transformer model = Transformer.load("minilm");
        Training how = Training.standard().epochs(1).batchSize(8).maxTokens(32).seed(seed);
        Run run = Lora.on(model.layers().last(3)).train(model, task.train().head(16), how);
        run.evaluate(task.validation().head(8)).table();
        if (close) {
            run.adapter().close();
            model.close();
        }
    }

    // the cleaner works after the collector; until nothing more goes, at most two seconds
    private static void settle() throws InterruptedException {
        long before = Long.MAX_VALUE;
        for (int i = 0; i < 20 && Torch.liveTensors() < before; i++) {
            before = Torch.liveTensors();
            System.gc();
            Thread.sleep(100);
        }
    }

    // what is mapped from files is the page cache of everybody; what a process holds for itself is anonymous
    private static String memory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return "memory unknown";
        }
        return value(status, "RssAnon") + " KiB own, " + value(status, "RssFile") + " KiB mapped";
    }

    private static long value(Path status, String name) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
