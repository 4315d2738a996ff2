// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.Progress;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.model.Batches;
import org.lamella.model.Head;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.Autograd;
import org.lamella.tensor.DType;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/**
 * Scores layers by the Fisher information of their frozen weights, the baseline that the paper of {@link Cka} compares
 * with (<a href="https://arxiv.org/abs/2310.17041">Lodha et al. 2023, On Surgical Fine-tuning for Language Encoders</a>).
 *
 * <p>For each example the gradient of the gold label's logit with respect to every weight of the layers is squared; the
 * squares are averaged over the examples; a layer's score is the sum over its weight tensors of the Frobenius norm of that
 * average: {@code F(layer) = Σ_W ‖ (1/n) Σᵢ (∂z_gold(xᵢ)/∂W)² ‖}. The original's code re-used its first example in every
 * step; here each example counts once.
 *
 * <p>Use it to compare with the paper's baseline. Do not use it to tell what matters before a head is trained without
 * saying which head: without one a seeded head answers, the one that a run of that seed starts from.
 *
 * <p>Cost: one forward and one backward pass an example, and twice the memory of the layers. There are no intervals.
 */
public final class Fisher {

    private static final Script SCRIPT = Script.compile("""
            def add(self, sums: List[Tensor], gradients: List[Tensor]) -> Tensor:
              for i in range(torch.len(sums)):
                _0 = torch.addcmul_(sums[i], gradients[i], gradients[i])
              return sums[0]

            def score(self, sums: List[Tensor]) -> Tensor:
              total = torch.zeros([], dtype=7)
              for i in range(torch.len(sums)):
                total = total + torch.linalg_vector_norm(sums[i], 2, None, False, dtype=7)
              return total
            """);

    private Fisher() {}

    /** Returns the scores of a model's layers on labelled examples, with the model's head or that of seed 0. */
    public static LayerScores scoreLayers(Transformer model, Split split) {
        return scoreLayers(model, split, 0);
    }

    /**
     * Returns the scores of a model's layers on labelled examples.
     *
     * <p>When the person stops it, the examples done so far are scored, and the provenance warns.
     *
     * @param seed which head answers when the model has none for this task: the one a run of that seed starts from
     * @throws IllegalArgumentException when the split is empty or an example has no label
     */
    public static LayerScores scoreLayers(Transformer model, Split split, long seed) {
        requireLabels(split);
        Provenance provenance = ScoreNotes.begin("Fisher.scoreLayers", model, split, seed == 0 ? "" : ", " + seed);
        try (Scope scope = Scope.open()) {
            Optional<Head> own = model.head().filter(head -> answers(head, split));
            Head head = own.orElseGet(
                    () -> Head.initial(model, split.task().labels(), new Seed(seed).child("initial values"), scope));
            Measurement measurement = new Measurement(model, split, head, scope);
            int done = measurement.run();
            Provenance notes = provenance
                    .with("head", own.isPresent() ? "the model's" : "untrained, seed " + seed)
                    .with("measure", "norm of the mean squared gradient of the gold logit, summed over weight tensors");
            if (done < split.size()) {
                notes = notes.warning(
                        "scored on the first " + done + " of " + split.size() + " examples: it was stopped");
            }
            return new LayerScores(
                    "fisher",
                    measurement.scores(done),
                    Candidates.DEFINED_LAYERS,
                    new double[0][],
                    Optional.empty(),
                    split,
                    notes.finished());
        }
    }

    private static void requireLabels(Split split) {
        if (split.size() == 0) {
            throw new IllegalArgumentException("split must hold at least one example; got an empty " + split.name());
        }
        for (int i = 0; i < split.size(); i++) {
            Example example = split.example(i);
            if (!split.task().labels().isEmpty() && example.label() < 0) {
                throw new IllegalArgumentException(
                        "every example must have a label; got none for example " + i + " of " + split.name());
            }
        }
    }

    private static boolean answers(Head head, Split split) {
        List<String> labels = split.task().labels();
        return head.labels().equals(labels) || (head.unnamed() && head.labels().size() == labels.size());
    }

    /** The squared gradients of all layers, example after example. */
    private static final class Measurement {

        private final Transformer model;
        private final Split split;
        private final Head head;
        private final Pass pass;
        private final List<Tensor> leaves = new ArrayList<>();
        private final List<Tensor> squares;

        Measurement(Transformer model, Split split, Head head, Scope scope) {
            this.model = model;
            this.split = split;
            this.head = head;
            this.pass = model.pass().withLeaves(scope);
            for (int layer = 0; layer < model.depth(); layer++) {
                leaves.addAll(pass.weights(layer));
            }
            squares = leaves.stream()
                    .map(leaf -> scope.zeros(DType.F32, leaf.shape()))
                    .toList();
        }

        int run() {
            Batches batches = model.batches(split);
            try (Progress progress = Progress.start("measuring gradients", split.size(), "examples")) {
                for (int example = 0; example < split.size(); example++) {
                    try (Scope step = Scope.open()) {
                        backward(batches, example, step);
                        SCRIPT.call("add").with(squares).with(gradients(step)).run();
                        leaves.forEach(Tensor::zeroGradient);
                    }
                    if (!progress.step(example + 1)) {
                        return example + 1;
                    }
                }
            }
            return split.size();
        }

        private void backward(Batches batches, int example, Scope step) {
            float[] gold = new float[head.outputs()];
            gold[head.regression() ? 0 : split.example(example).label()] = 1;
            Tensor upstream = step.floats(gold, 1, gold.length);
            try (GradMode on = GradMode.enabled()) {
                Autograd.backward(
                        pass.answer(batches.of(new int[] {example}, step), model.overlay(), head, step), upstream);
            }
        }

        private List<Tensor> gradients(Scope step) {
            return leaves.stream().map(leaf -> leaf.gradient(step)).toList();
        }

        List<LayerScore> scores(int examples) {
            int each = leaves.size() / model.depth();
            return IntStream.range(0, model.depth())
                    .mapToObj(layer -> score(layer, squares.subList(layer * each, (layer + 1) * each), examples))
                    .toList();
        }

        private static LayerScore score(int layer, List<Tensor> squares, int examples) {
            try (Scope step = Scope.open()) {
                double score = SCRIPT.call("score").with(squares).one(step).item() / examples;
                if (!Double.isFinite(score)) {
                    throw new IllegalArgumentException(
                            "gradients must be finite; got NaN or infinity in layer " + layer);
                }
                return new LayerScore.Defined(layer, score, Double.NaN, Double.NaN, score, "");
            }
        }
    }
}
