// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.lamella.base.Bootstrap;
import org.lamella.base.Interval;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/** What {@link GradientNorm} measures: how long each layer's gradient is, example after example. */
final class GradientNorms implements GradientMeasure {

    private static final Script SCRIPT = Script.compile("""
            def norm(self, gradients: List[Tensor]) -> Tensor:
              total = torch.zeros([], dtype=7)
              for i in range(torch.len(gradients)):
                total = total + torch.pow(torch.linalg_vector_norm(gradients[i], 2, None, False, dtype=7), 2)
              return torch.sqrt(total)
            """);

    private final String measure;
    private final String words;
    private final Function<Leaves, List<List<Tensor>>> parameters;
    private final Bootstrap resamples;
    // one row an example, one column a layer
    private final List<double[]> norms = new ArrayList<>();

    private GradientNorms(String measure, String words, Function<Leaves, List<List<Tensor>>> parameters, long seed) {
        this.measure = measure;
        this.words = words;
        this.parameters = parameters;
        this.resamples = new Bootstrap(new Seed(seed).child("resamples"), 1000, 0.95);
    }

    /** Measures the gradients of the layers' frozen weights. */
    static GradientNorms ofWeights(long seed) {
        return new GradientNorms(
                "gradient norm", "mean norm of the loss's gradient in all weights of the layer", Leaves::weights, seed);
    }

    /** Measures the gradients of pairs at the start of a training. */
    static GradientNorms ofPairs(long seed) {
        return new GradientNorms(
                "pair gradient norm",
                "mean norm of the loss's gradient in the layer's pairs at the start of a training, rank " + Leaves.RANK
                        + ", scale 1",
                Leaves::pairs,
                seed);
    }

    @Override
    public Question question() {
        return Question.LOSS;
    }

    @Override
    public void take(Leaves leaves, Scope step) {
        List<List<Tensor>> layers = parameters.apply(leaves);
        double[] row = new double[layers.size()];
        for (int layer = 0; layer < row.length; layer++) {
            List<Tensor> gradients =
                    layers.get(layer).stream().map(leaf -> leaf.gradient(step)).toList();
            row[layer] = SCRIPT.call("norm").with(gradients).one(step).item();
            requireFinite(row[layer], layer);
        }
        norms.add(row);
    }

    static void requireFinite(double number, int layer) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("gradients must be finite; got NaN or infinity in layer " + layer);
        }
    }

    @Override
    public LayerScores scores(Split split, Provenance provenance) {
        int depth = norms.get(0).length;
        double[] means = means(indices(norms.size()), depth);
        double[][] replicates = resamples.resample(norms.size(), drawn -> means(drawn, depth));
        List<LayerScore> layers = new ArrayList<>();
        for (int layer = 0; layer < depth; layer++) {
            int column = layer;
            Interval interval = resamples.around(
                    means[layer],
                    Arrays.stream(replicates).mapToDouble(row -> row[column]).toArray());
            layers.add(new LayerScore.Defined(
                    layer, interval.value(), interval.low(), interval.high(), interval.value(), ""));
        }
        Provenance notes = provenance
                .with("measure", words)
                .with("intervals", "examples drawn again with replacement, 1000 times, level 0.95");
        return new LayerScores(
                measure, layers, Candidates.DEFINED_LAYERS, replicates, Optional.empty(), split, notes.finished());
    }

    private static int[] indices(int n) {
        int[] indices = new int[n];
        Arrays.setAll(indices, i -> i);
        return indices;
    }

    private double[] means(int[] examples, int depth) {
        double[] sums = new double[depth];
        for (int example : examples) {
            double[] row = norms.get(example);
            for (int layer = 0; layer < depth; layer++) {
                sums[layer] += row[layer] / examples.length;
            }
        }
        return sums;
    }
}
