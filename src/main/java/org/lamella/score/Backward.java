// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lamella.base.Progress;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Batches;
import org.lamella.model.Head;
import org.lamella.model.Transformer;
import org.lamella.tensor.Autograd;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * Gradients of a model's answers, one example after another: one forward pass each, and one backward pass for each
 * question that the measures ask.
 */
final class Backward {

    private final Transformer model;
    private final Split split;
    private final Leaves leaves;
    private final Head head;
    private final String whose;
    private int done;

    /**
     * Prepares the passes.
     *
     * @param seed which head answers when the model has none for this task: the one a run of that seed starts from
     * @param owner owns that head
     */
    Backward(Transformer model, Split split, Leaves leaves, long seed, Scope owner) {
        this.model = model;
        this.split = split;
        this.leaves = leaves;
        Optional<Head> own = model.head().filter(known -> answers(known, split.task()));
        head = own.orElseGet(
                () -> Head.initial(model, split.task().labels(), new Seed(seed).child("initial values"), owner));
        whose = own.isPresent() ? "the model's" : "untrained, seed " + seed;
    }

    /** Returns what the examples lack for a measure that needs their truth, or nothing. */
    static Optional<String> missing(Split split) {
        boolean regression = split.task().kind() == Task.Kind.REGRESSION;
        for (int i = 0; i < split.size(); i++) {
            Example example = split.example(i);
            if (regression ? !Double.isFinite(example.target()) : example.label() < 0) {
                return Optional.of("every example must have a " + (regression ? "target" : "label")
                        + "; got none for example " + i + " of " + split.name());
            }
        }
        return Optional.empty();
    }

    /** Makes sure that there is an example and that each has its truth. */
    static void requireTruth(Split split) {
        if (split.size() == 0) {
            throw new IllegalArgumentException("split must hold at least one example; got an empty " + split.name());
        }
        missing(split).ifPresent(message -> {
            throw new IllegalArgumentException(message);
        });
    }

    private static boolean answers(Head head, Task task) {
        List<String> labels = task.labels();
        return head.labels().equals(labels) || (head.unnamed() && head.labels().size() == labels.size());
    }

    /** Shows every measure the gradients of every example; fewer when the person stops it. */
    void run(List<? extends GradientMeasure> measures) {
        List<Question> questions =
                measures.stream().map(GradientMeasure::question).distinct().toList();
        Batches batches = model.batches(split);
        try (Progress progress = Progress.start("measuring gradients", split.size(), "examples")) {
            boolean more = true;
            while (more && done < split.size()) {
                try (Scope step = Scope.open()) {
                    Tensor logits = logits(batches, step);
                    for (Question question : questions) {
                        backward(logits, question, question != questions.get(questions.size() - 1), step);
                        measures.stream()
                                .filter(measure -> measure.question() == question)
                                .forEach(measure -> measure.take(leaves, step));
                        leaves.clear();
                    }
                }
                more = progress.step(++done);
            }
        }
    }

    private Tensor logits(Batches batches, Scope step) {
        try (GradMode on = GradMode.enabled()) {
            return leaves.pass().answer(batches.of(new int[] {done}, step), leaves.overlay(), head, step);
        }
    }

    private void backward(Tensor answer, Question question, boolean again, Scope step) {
        float[] single = answer.floats();
        double[] logits = new double[single.length];
        Arrays.setAll(logits, k -> single[k]);
        float[] upstream = new float[logits.length];
        for (int k = 0; k < upstream.length; k++) {
            upstream[k] = (float) question.upstream(logits, k, split.example(done), head.regression());
        }
        Tensor direction = step.floats(upstream, 1, upstream.length);
        if (again) {
            Autograd.backwardKeepingGraph(answer, direction);
        } else {
            Autograd.backward(answer, direction);
        }
    }

    /** Returns a provenance with whose head answered and, if it was stopped, a warning. */
    Provenance notes(Provenance provenance) {
        Provenance notes = provenance.with("head", whose);
        return done == split.size()
                ? notes
                : notes.warning("scored on the first " + done + " of " + split.size() + " examples: it was stopped");
    }
}
