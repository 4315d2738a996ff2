// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;
import org.lamella.base.Bootstrap;
import org.lamella.base.Interval;
import org.lamella.base.Seed;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.eval.Metric;
import org.lamella.model.Predictions;

/**
 * One metric of every run, and what it is when examples and seeds are drawn again: examples alike for all runs, seeds alike
 * for all cells with equally many, so that differences are paired in both.
 */
final class Readings {

    static final Bootstrap RESAMPLES = new Bootstrap(new Seed(0).child("study"), 1000, 0.95);

    private final Map<Cell, Map<Long, Integer>> columns;
    private final double[] values;
    private final double[][] replicates; // (replicate, run)

    private Readings(Map<Cell, Map<Long, Integer>> columns, double[] values, double[][] replicates) {
        this.columns = columns;
        this.values = values;
        this.replicates = replicates;
    }

    static Readings of(Map<Cell, Map<Long, Outcome>> found, Metric metric, Split measured) {
        List<ToDoubleFunction<int[]>> readers = new ArrayList<>();
        Map<Cell, Map<Long, Integer>> columns = new LinkedHashMap<>();
        found.forEach((cell, outcomes) -> {
            Map<Long, Integer> own = new LinkedHashMap<>();
            outcomes.forEach((seed, outcome) -> outcome.logits().ifPresent(logits -> {
                own.put(seed, readers.size());
                readers.add(reader(metric, Predictions.of(measured, logits)));
            }));
            columns.put(cell, own);
        });
        int[] everyone = new int[measured.size()];
        Arrays.setAll(everyone, i -> i);
        return new Readings(
                columns, read(readers, everyone), RESAMPLES.resample(measured.size(), drawn -> read(readers, drawn)));
    }

    private static double[] read(List<ToDoubleFunction<int[]>> readers, int[] drawn) {
        return readers.stream()
                .mapToDouble(reader -> reader.applyAsDouble(drawn))
                .toArray();
    }

    private static ToDoubleFunction<int[]> reader(Metric metric, Predictions predictions) {
        List<Example> examples = predictions.split().examples();
        if (metric.comparesLabels()) {
            int labels = predictions.split().task().labels().size();
            int[] truth = examples.stream().mapToInt(Example::label).toArray();
            int[] answers = new int[truth.length];
            Arrays.setAll(answers, predictions::label);
            int[] drawnTruth = new int[truth.length];
            int[] drawnAnswers = new int[truth.length];
            return drawn -> {
                for (int i = 0; i < drawn.length; i++) {
                    drawnTruth[i] = truth[drawn[i]];
                    drawnAnswers[i] = answers[drawn[i]];
                }
                return metric.of(drawnTruth, drawnAnswers, labels);
            };
        }
        double[] truth = examples.stream().mapToDouble(Example::target).toArray();
        double[] answers = new double[truth.length];
        Arrays.setAll(answers, predictions::value);
        double[] drawnTruth = new double[truth.length];
        double[] drawnAnswers = new double[truth.length];
        return drawn -> {
            for (int i = 0; i < drawn.length; i++) {
                drawnTruth[i] = truth[drawn[i]];
                drawnAnswers[i] = answers[drawn[i]];
            }
            return metric.of(drawnTruth, drawnAnswers);
        };
    }

    /** Returns the metric of each finished run of a cell, in the order of the seeds. */
    double[] values(Cell cell) {
        return runs(cell).stream().mapToDouble(run -> values[run]).toArray();
    }

    private Collection<Integer> runs(Cell cell) {
        return columns.getOrDefault(cell, Map.of()).values();
    }

    /** Returns the mean over seeds. */
    Interval mean(Cell cell) {
        List<Integer> runs = List.copyOf(runs(cell));
        double[][] pairs = new double[runs.size()][];
        for (int s = 0; s < pairs.length; s++) {
            int run = runs.get(s);
            pairs[s] = column(run);
        }
        return interval(values(cell), pairs);
    }

    /** Returns the differences of two cells, one a seed that both have. */
    double[] differences(Cell cell, Cell reference) {
        return common(cell, reference).stream()
                .mapToDouble(pair -> values[pair[0]] - values[pair[1]])
                .toArray();
    }

    /** Returns the mean difference of two cells over the seeds that both have. */
    Interval difference(Cell cell, Cell reference) {
        List<int[]> pairs = common(cell, reference);
        double[][] replicated = new double[pairs.size()][];
        for (int s = 0; s < replicated.length; s++) {
            double[] own = column(pairs.get(s)[0]);
            double[] other = column(pairs.get(s)[1]);
            replicated[s] = new double[own.length];
            for (int r = 0; r < own.length; r++) {
                replicated[s][r] = own[r] - other[r];
            }
        }
        return interval(differences(cell, reference), replicated);
    }

    private List<int[]> common(Cell cell, Cell reference) {
        Map<Long, Integer> own = columns.getOrDefault(cell, Map.of());
        Map<Long, Integer> other = columns.getOrDefault(reference, Map.of());
        List<int[]> pairs = new ArrayList<>();
        own.forEach((seed, run) -> {
            Integer beside = other.get(seed);
            if (beside != null) {
                pairs.add(new int[] {run, beside});
            }
        });
        return pairs;
    }

    private double[] column(int run) {
        return Arrays.stream(replicates).mapToDouble(row -> row[run]).toArray();
    }

    // bySeed: (seed, replicate); each replicate draws as many seeds as there are
    private static Interval interval(double[] own, double[][] bySeed) {
        int n = own.length;
        if (n == 0) {
            return Interval.exactly(Double.NaN);
        }
        SplittableRandom random = RESAMPLES.seed().child("seeds", n).random();
        double[] replicated = new double[RESAMPLES.replicates()];
        for (int r = 0; r < replicated.length; r++) {
            for (int draw = 0; draw < n; draw++) {
                replicated[r] += bySeed[random.nextInt(n)][r] / n;
            }
        }
        return RESAMPLES.around(StatUtils.mean(own), replicated);
    }

    /** Returns the standard deviation of a sample; not a number for fewer than two. */
    static double deviation(double[] values) {
        return values.length < 2 ? Double.NaN : Math.sqrt(StatUtils.variance(values));
    }
}
