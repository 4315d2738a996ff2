// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.List;
import java.util.stream.Collectors;
import org.lamella.base.Names;

/**
 * The hyper-parameters of the paper's published GLUE scripts, one row a model and task.
 *
 * @param model the model's card
 * @param task the task's name in GLUE, in small letters
 * @param learningRate the peak
 * @param batchSize examples of a micro-batch
 * @param accumulation micro-batches of a step
 * @param epochs passes over the examples
 * @param maxTokens where texts are cut
 * @param weightDecay on everything but biases
 * @param warmup the share of steps
 */
record GlueSettings(
        String model,
        String task,
        double learningRate,
        int batchSize,
        int accumulation,
        int epochs,
        int maxTokens,
        double weightDecay,
        double warmup) {

    // scripts of github.com/c2d-usp/Layer-wise-LoRA-with-CKA, commit 6ce696d:
    // model, task, learning rate, batch, accumulation, epochs, tokens, weight decay, warm-up
    private static final List<GlueSettings> ALL = read("""
            roberta-base    mnli 5e-4   16 1 30 512 0.1  0.06
            roberta-base    sst2 5e-4   16 1 60 512 0.1  0.06
            roberta-base    mrpc 4e-4   16 1 30 512 0.1  0.06
            roberta-base    cola 4e-4    8 4 80 512 0.1  0.06
            roberta-base    qnli 4e-4    8 4 25 512 0.1  0.06
            roberta-base    qqp  5e-4   16 1 25 512 0.1  0.06
            roberta-base    rte  5e-4   32 1 80 512 0.1  0.06
            roberta-base    stsb 4e-4   16 1 40 512 0.1  0.06
            deberta-v3-base mnli 5e-4   32 1  7 256 0    0.1
            deberta-v3-base sst2 8e-4   32 1 24 128 0.01 0.1
            deberta-v3-base mrpc 1e-3   32 1 30 320 0.01 0.1
            deberta-v3-base cola 5e-4   32 1 25  64 0    0.1
            deberta-v3-base qnli 5e-4   16 2  5 512 0.01 0.1
            deberta-v3-base qqp  8e-4   32 1  5 320 0.01 0.1
            deberta-v3-base rte  1.2e-3 32 1 50 320 0.01 0.1
            deberta-v3-base stsb 2.2e-3 32 1 25 128 0.01 0
            """);

    private static List<GlueSettings> read(String rows) {
        return rows.lines()
                .map(line -> line.strip().split(" +"))
                .map(GlueSettings::row)
                .toList();
    }

    private static GlueSettings row(String[] cells) {
        return new GlueSettings(
                cells[0],
                cells[1],
                Double.parseDouble(cells[2]),
                Integer.parseInt(cells[3]),
                Integer.parseInt(cells[4]),
                Integer.parseInt(cells[5]),
                Integer.parseInt(cells[6]),
                Double.parseDouble(cells[7]),
                Double.parseDouble(cells[8]));
    }

    static List<String> models() {
        return ALL.stream().map(GlueSettings::model).distinct().toList();
    }

    static List<String> tasks() {
        return ALL.stream().map(GlueSettings::task).distinct().toList();
    }

    /** Returns the row of a model and a task; a name that has none is an error that lists those that have. */
    static GlueSettings of(String model, String task) {
        require("model", model, models());
        require("task", task, tasks());
        return ALL.stream()
                .filter(row -> row.model.equals(model) && row.task.equals(task))
                .findFirst()
                .orElseThrow();
    }

    static void require(String what, String name, List<String> known) {
        if (!known.contains(name)) {
            throw new IllegalArgumentException(what + " must be one of "
                    + known.stream().collect(Collectors.joining(", ")) + "; got \"" + name + "\""
                    + Names.didYouMean(name, known));
        }
    }

    /** Returns the card that has the examples as the paper reports them: of MNLI both validation parts in one. */
    String card() {
        return "glue/" + (task.equals("mnli") ? "mnli-pooled" : task);
    }

    /** Returns the metric of the paper's tables. */
    String metric() {
        return switch (task) {
            case "cola" -> "Matthews";
            case "stsb" -> "Pearson";
            default -> "accuracy";
        };
    }

    int labels() {
        return switch (task) {
            case "mnli" -> 3;
            case "stsb" -> 1;
            default -> 2;
        };
    }
}
