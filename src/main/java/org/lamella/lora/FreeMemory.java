// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.lamella.model.Batches;
import org.lamella.model.Transformer;
import org.lamella.tensor.Device;

/**
 * Whether a step of a training fits into the memory that is free: asked before it starts, since the system ends a JVM that
 * takes too much.
 */
final class FreeMemory {

    private static final int SHORTEST = 16;

    private final Transformer model;
    private final Lora recipe;
    private final Training training;

    private FreeMemory(Transformer model, Lora recipe, Training training) {
        this.model = model;
        this.recipe = recipe;
        this.training = training;
    }

    /**
     * Refuses a training that needs more than is free, and says what would fit.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    static void require(Transformer model, Lora recipe, Training training, Batches batches) {
        int longest = IntStream.range(0, batches.split().size())
                .map(batches::length)
                .max()
                .orElse(1);
        if (Device.best().equals(Device.cpu())) {
            new FreeMemory(model, recipe, training.maxTokens(Math.max(2, longest))).require(now());
        }
    }

    /** Does what the other method does with so many bytes free, on texts as long as the training takes them. */
    static void require(Transformer model, Lora recipe, Training training, double free) {
        new FreeMemory(model, recipe, training).require(free);
    }

    private void require(double free) {
        double wanted = bytes(training);
        if (wanted > free) {
            int texts = training.batchSize();
            throw new IllegalArgumentException("a step must fit into memory; got " + gigabytes(wanted) + " for " + texts
                    + (texts == 1 ? " text of " : " texts of ") + tokens() + " tokens, and " + gigabytes(free)
                    + " free; " + fitting(free));
        }
    }

    private int tokens() {
        return Math.min(training.maxTokens(), model.maxTokens());
    }

    private double bytes(Training other) {
        return Cost.of(model, recipe, other).allocated();
    }

    private String fitting(double free) {
        List<String> fitting = new ArrayList<>();
        for (int texts = training.batchSize() / 2; texts > 0 && fitting.isEmpty(); texts /= 2) {
            add(fitting, free, training.batchSize(texts), "batchSize(" + texts + ")");
        }
        int before = fitting.size();
        for (int tokens = tokens() / 2; tokens >= SHORTEST && fitting.size() == before; tokens /= 2) {
            add(fitting, free, training.maxTokens(tokens), "maxTokens(" + tokens + ")");
        }
        if (!training.gradientCheckpointing()) {
            add(fitting, free, training.gradientCheckpointing(true), "gradientCheckpointing(true)");
        }
        return fitting.isEmpty()
                ? "neither fewer nor shorter texts fit: take fewer layers or a smaller rank"
                : String.join(", ", fitting) + (fitting.size() == 1 ? " fits" : " fit, each by itself");
    }

    private void add(List<String> fitting, double free, Training other, String call) {
        if (bytes(other) <= free) {
            fitting.add(call);
        }
    }

    private static String gigabytes(double bytes) {
        return String.format(Locale.ROOT, "%.2g GB", bytes / 1e9);
    }

    // what Linux would give without swapping, at most what a container may have; elsewhere all there is
    private static double now() {
        double all =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getTotalMemorySize()
                        : Double.POSITIVE_INFINITY;
        Path memory = Path.of("/proc/meminfo");
        if (!Files.isReadable(memory)) {
            return all;
        }
        try {
            return Files.readAllLines(memory).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToDouble(line -> 1024.0 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .stream()
                    .map(available -> Math.min(available, all))
                    .findFirst()
                    .orElse(all);
        } catch (IOException e) {
            return all;
        }
    }
}
