// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.lamella.base.Bootstrap;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * The scores of resampled examples, from Gram matrices and multiplicities: no representation is multiplied again.
 *
 * <p>An example drawn twice is never paired with itself in the debiased estimate, and what is an offset of each example
 * is taken off with the weights of the replicate (for weights of 1 that is HSIC₁). The biased one pairs it, which lifts
 * every replicate; its replicates are therefore moved so that their median is the score. When only m of n examples are
 * resampled, deviations are scaled by √(m/n).
 */
final class Resamples {

    private Resamples() {}

    /**
     * Returns replicates of the CKA of each state with the next.
     *
     * @param kept the states of m examples
     * @param values the score of each layer over all n examples, not a number where undefined
     * @param constant whether the layer's input or output is constant, so that its score does not change
     * @param examples n
     */
    static double[][] of(
            List<Tensor> kept, Protocol protocol, double[] values, boolean[] constant, int examples, Scope scope) {
        int m = (int) kept.get(0).size(0);
        Bootstrap resamples = protocol.resamples();
        boolean debiased = protocol.estimator() == Estimator.DEBIASED;
        double[] counts = counts(resamples, m);
        double[] drawn = hsic(kept, counts, debiased, scope);
        double[] plain = new double[m];
        Arrays.fill(plain, 1);
        double[] once = debiased ? hsic(kept, plain, true, scope) : drawn;
        int layers = values.length;
        double scale = Math.sqrt((double) m / examples);
        double[][] replicates = new double[resamples.replicates()][layers];
        for (int layer = 0; layer < layers; layer++) {
            double[] column = column(drawn, resamples.replicates(), layers, layer);
            double centre = debiased ? column(once, 1, layers, layer)[0] : median(column);
            for (int r = 0; r < column.length; r++) {
                double deviation = constant[layer] ? 0 : scale * (column[r] - centre);
                replicates[r][layer] = values[layer] + deviation;
            }
        }
        return replicates;
    }

    private static double[] hsic(List<Tensor> kept, double[] counts, boolean debiased, Scope scope) {
        long m = kept.get(0).size(0);
        try (Scope step = scope.child()) {
            return CkaScript.call("resample")
                    .with(kept)
                    .with(step.doubles(counts, counts.length / m, m))
                    .with(debiased)
                    .one(step)
                    .doubles();
        }
    }

    // how often each of m examples is drawn in each replicate, replicate after replicate
    private static double[] counts(Bootstrap resamples, int m) {
        SplittableRandom random = resamples.seed().child("resamples").random();
        double[] counts = new double[resamples.replicates() * m];
        for (int r = 0; r < resamples.replicates(); r++) {
            for (int i = 0; i < m; i++) {
                counts[r * m + random.nextInt(m)]++;
            }
        }
        return counts;
    }

    private static double[] column(double[] hsic, int replicates, int layers, int layer) {
        double[] column = new double[replicates];
        int next = (layers + 1 + layer) * replicates;
        for (int r = 0; r < replicates; r++) {
            double input = hsic[layer * replicates + r];
            double output = hsic[(layer + 1) * replicates + r];
            // with very few distinct examples in a replicate nothing is left to compare
            boolean defined = input > 0 && output > 0 && Double.isFinite(input) && Double.isFinite(output);
            column[r] = defined ? hsic[next + r] / Math.sqrt(input * output) : Double.NaN;
        }
        return column;
    }

    private static double median(double[] values) {
        double[] sorted =
                Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
