// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.Names;
import org.lamella.base.Progress;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * A model continues prompts: batch by batch, those of like length together, one token after another until each has ended
 * or the person stopped.
 */
final class Writing {

    private final Transformer model;
    private final Generation generation;
    private final int context;
    private final Choosing choosing;
    private final List<Draft> drafts = new ArrayList<>();
    private final long begun = System.nanoTime();
    private long tokens;
    private int done;

    /**
     * Begins to write.
     *
     * @param context the tokens that the model takes, prompt included
     */
    Writing(Transformer model, Generation generation, int context) {
        this.model = model;
        this.generation = generation;
        this.context = context;
        choosing = new Choosing(generation);
    }

    /** Returns what is written after each prompt. */
    List<Continuation> after(List<String> prompts, List<Tokens> read) {
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("prompts must be at least one; got none");
        }
        for (int i = 0; i < prompts.size(); i++) {
            requireRoom(model, prompts.get(i), read.get(i), context);
            drafts.add(new Draft(model.weights().tokenizer(), prompts.get(i), read.get(i), generation, context, i));
        }
        int[] order = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> read.get(i).length()))
                .mapToInt(i -> i)
                .toArray();
        try (Progress progress = prompts.size() == 1
                ? Progress.start("writing", 0, "tokens")
                : Progress.start("writing", prompts.size(), "texts")) {
            for (int start = 0; start < order.length && !progress.stopped(); start += generation.batchSize()) {
                List<Draft> batch = new ArrayList<>();
                for (int i = start; i < Math.min(order.length, start + generation.batchSize()); i++) {
                    batch.add(drafts.get(order[i]));
                }
                write(batch, progress);
            }
        }
        return drafts.stream().map(Draft::continuation).toList();
    }

    /** Refuses a prompt that leaves no room for a token. */
    static void requireRoom(Transformer model, String prompt, Tokens read, int context) {
        if (read.length() == 0) {
            throw new IllegalArgumentException("prompt must have at least one token; got \"" + prompt + "\"");
        }
        if (read.length() >= context) {
            String why = context < model.weights().architecture().limit()
                    ? "the most after maxTokens(" + context + ")"
                    : "as many as " + model.name() + " takes";
            throw new IllegalArgumentException("prompt must have fewer than " + context + " tokens, " + why + "; got "
                    + read.length() + ": \"" + Names.shortened(prompt) + "\"");
        }
    }

    private void write(List<Draft> batch, Progress progress) {
        long start = System.nanoTime();
        int most = batch.stream().mapToInt(Draft::most).max().orElseThrow();
        List<Draft> left = batch;
        try (Continuing continuing = new Continuing(model, batch.size(), most);
                Scope scope = Scope.open()) {
            Tensor logits = continuing.read(batch.stream().map(Draft::prompt).toList(), scope);
            while (true) {
                long[] chosen = choosing.of(logits, left);
                logits.close();
                int[] open = add(left, chosen, start);
                if (!told(progress) || open.length == 0) {
                    break;
                }
                if (open.length < left.size()) {
                    continuing.keep(open);
                    left = IntStream.of(open).mapToObj(left::get).toList();
                }
                logits = continuing.add(
                        IntStream.of(open).mapToLong(b -> chosen[b]).toArray(), scope);
            }
        }
        left.stream().filter(draft -> !draft.ended()).forEach(draft -> draft.endedAfter(seconds(start)));
    }

    // returns the places of those that have not ended
    private int[] add(List<Draft> drafts, long[] chosen, long start) {
        for (int b = 0; b < chosen.length; b++) {
            Draft draft = drafts.get(b);
            draft.add(chosen[b]);
            tokens++;
            if (draft.ended()) {
                draft.endedAfter(seconds(start));
                done++;
            }
        }
        return IntStream.range(0, chosen.length)
                .filter(b -> !drafts.get(b).ended())
                .toArray();
    }

    // of a single text what is written is shown as it grows
    private boolean told(Progress progress) {
        Map<String, Double> speed = Map.of("tokens/s", tokens / seconds(begun));
        return drafts.size() == 1 ? progress.step(tokens, speed, drafts.get(0).text()) : progress.step(done, speed);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
