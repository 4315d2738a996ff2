// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/** What {@link Fisher} measures: the squared gradients of every weight, summed over examples. */
final class SquaredGradients implements GradientMeasure {

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

    private final List<List<Tensor>> squares;
    private int examples;

    /** Makes room for the sums, as large as the layers; the scope owns it. */
    SquaredGradients(Leaves leaves, Scope owner) {
        squares = leaves.weights().stream()
                .map(layer -> layer.stream()
                        .map(leaf -> owner.zeros(DType.F32, leaf.shape()))
                        .toList())
                .toList();
    }

    @Override
    public Question question() {
        return Question.GOLD_LOGIT;
    }

    @Override
    public void take(Leaves leaves, Scope step) {
        for (int layer = 0; layer < squares.size(); layer++) {
            List<Tensor> gradients = leaves.weights().get(layer).stream()
                    .map(leaf -> leaf.gradient(step))
                    .toList();
            SCRIPT.call("add").with(squares.get(layer)).with(gradients).run();
        }
        examples++;
    }

    @Override
    public LayerScores scores(Split split, Provenance provenance) {
        Provenance notes = provenance
                .with("measure", "norm of the mean squared gradient of the gold logit, summed over weight tensors")
                .with("intervals", "none: a norm of means is no mean over examples");
        List<LayerScore> layers =
                IntStream.range(0, squares.size()).mapToObj(this::score).toList();
        return new LayerScores(
                "fisher",
                layers,
                Candidates.DEFINED_LAYERS,
                new double[0][],
                Optional.empty(),
                split,
                notes.finished());
    }

    private LayerScore score(int layer) {
        try (Scope step = Scope.open()) {
            double score =
                    SCRIPT.call("score").with(squares.get(layer)).one(step).item() / examples;
            GradientNorms.requireFinite(score, layer);
            return new LayerScore.Defined(
                    layer, score, Double.NaN, Double.NaN, score, "no interval: a norm of means is no mean");
        }
    }
}
