// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Percentile intervals by resampling examples with replacement (Efron 1979).
 *
 * <p>Two statistics measured with the same bootstrap on the same number of examples see the same resamples, so their
 * difference is paired. Examples that are not independent are drawn together, see {@link Clusters}. Cost: {@code replicates} calls of the statistic. Replicates in which the statistic is not a
 * number are left out.
 *
 * @param seed where the resamples come from
 * @param replicates how many resamples are drawn
 * @param level the share of replicates that lie inside, for instance 0.95
 */
public record Bootstrap(Seed seed, int replicates, double level) {

    /** Checks the number of replicates and the level. */
    public Bootstrap {
        if (replicates < 1) {
            throw new IllegalArgumentException("replicates must be at least 1; got " + replicates);
        }
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must lie between 0 and 1; got " + level);
        }
    }

    /** Returns 2,000 replicates at the 95 % level. */
    public static Bootstrap standard(Seed seed) {
        return new Bootstrap(seed.child("bootstrap"), 2000, 0.95);
    }

    /** Returns the mean of the values with its interval. */
    public Interval mean(double[] values) {
        return mean(values, Clusters.single(values.length));
    }

    /** Returns the mean of the values with its interval over resamples of clusters of them. */
    public Interval mean(double[] values, Clusters clusters) {
        return interval(clusters, drawn -> {
            double sum = 0;
            for (int i : drawn) {
                sum += values[i];
            }
            return sum / drawn.length;
        });
    }

    /**
     * Returns a statistic of n examples with its interval.
     *
     * @param n how many examples there are; with none the value and both ends are not a number
     * @param statistic computes the number from the indices of the examples, which may repeat; must not keep the array
     */
    public Interval interval(int n, ToDoubleFunction<int[]> statistic) {
        return interval(Clusters.single(n), statistic);
    }

    /** Returns a statistic of the examples of some clusters with its interval over resamples of the clusters. */
    public Interval interval(Clusters clusters, ToDoubleFunction<int[]> statistic) {
        if (clusters.size() == 0) {
            return Interval.exactly(Double.NaN);
        }
        double value = statistic.applyAsDouble(clusters.examples(clusters.all()));
        double[][] drawn = resample(clusters, sample -> new double[] {statistic.applyAsDouble(sample)});
        return around(value, Arrays.stream(drawn).mapToDouble(row -> row[0]).toArray());
    }

    /**
     * Returns what several statistics are on each resample, one row a replicate, for intervals of their differences.
     *
     * @param n how many examples there are, at least 1
     * @param statistics computes a row from the indices of the examples, which may repeat; must not keep the array
     */
    public double[][] resample(int n, Function<int[], double[]> statistics) {
        double[][] rows = new double[replicates][];
        int[] indices = new int[n];
        SplittableRandom random = seed.random();
        for (int r = 0; r < replicates; r++) {
            for (int i = 0; i < n; i++) {
                indices[i] = random.nextInt(n);
            }
            rows[r] = statistics.apply(indices);
        }
        return rows;
    }

    /**
     * Returns what several statistics are on each resample of clusters, one row a replicate.
     *
     * @param statistics computes a row from the indices of the examples of the drawn clusters, of which there may be more or
     *     fewer than in all; must not keep the array
     */
    public double[][] resample(Clusters clusters, Function<int[], double[]> statistics) {
        return clusters.single()
                ? resample(clusters.size(), statistics)
                : resample(clusters.size(), drawn -> statistics.apply(clusters.examples(drawn)));
    }

    /** Returns the interval that the given replicates of a value span at this level. */
    public Interval around(double value, double[] replicated) {
        double[] sorted =
                Arrays.stream(replicated).filter(d -> !Double.isNaN(d)).sorted().toArray();
        if (sorted.length == 0) {
            return new Interval(value, Double.NaN, Double.NaN);
        }
        double tail = (1 - level) / 2;
        return new Interval(value, quantile(sorted, tail), quantile(sorted, 1 - tail));
    }

    // linear interpolation between order statistics, as numpy.quantile does
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
