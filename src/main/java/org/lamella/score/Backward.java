// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lamella.base.Progress;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
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

    /** What the truth of examples is for, in messages. */
    static final String PURPOSE = "to give gradients";

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
