// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.IntervalUtils;
import org.lamella.base.Bootstrap;
import org.lamella.base.Clusters;
import org.lamella.base.Interval;
import org.lamella.base.Names;
import org.lamella.base.Seed;
import org.lamella.model.Predictions;

/**
 * Every metric of one split's predictions and the mean loss, each with its replicates. All scores of equally many
 * examples were resampled alike, so that their differences are paired.
 */
final class Scores {

    static final String LOSS = "loss";
    private static final Seed SEED = new Seed(0);
    static final Bootstrap BOOTSTRAP = Bootstrap.standard(SEED);

    private final List<String> names;
    private final double[] values;
    private final double[][] replicates; // (replicate, metric)
    private final Clusters clusters;

    private Scores(List<String> names, double[] values, double[][] replicates, Clusters clusters) {
        this.names = names;
        this.values = values;
        this.replicates = replicates;
        this.clusters = clusters;
    }

    static Scores of(Predictions predictions) {
        Answers.requireTruth(predictions.split());
        List<Metric> metrics =
                predictions.split().task().metrics().stream().map(Metric::named).toList();
        List<String> names = new ArrayList<>(metrics.stream().map(Metric::name).toList());
        names.add(LOSS);
        Scorer scorer = Scorer.of(predictions, metrics);
        double[] values = scorer.of(Correlation.everyone(predictions.size()));
        Clusters clusters = predictions.split().clusters();
        return new Scores(List.copyOf(names), values, BOOTSTRAP.resample(clusters, scorer::of), clusters);
    }

    /** Returns the metrics in their order, then the loss. */
    List<String> names() {
        return names;
    }

    /**
     * Returns the share of n examples that are right with Wilson's interval (1927) at the bootstrap's level: resamples of
     * examples that are all alike would have none.
     */
    static Interval share(int n, int right) {
        ConfidenceInterval wilson = IntervalUtils.getWilsonScoreInterval(n, right, BOOTSTRAP.level());
        double value = (double) right / n;
        return new Interval(value, Math.min(value, wilson.getLowerBound()), Math.max(value, wilson.getUpperBound()));
    }

    String describeIntervals() {
        return String.format(
                Locale.ROOT,
                "%.0f %% of %,d resamples of the %s, seed %d",
                BOOTSTRAP.level() * 100,
                BOOTSTRAP.replicates(),
                clusters.single()
                        ? "examples"
                        : String.format(Locale.ROOT, "%,d prompts, each with all its answers", clusters.size()),
                SEED.value());
    }

    Map<String, Interval> intervals() {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        for (int m = 0; m < names.size(); m++) {
            int metric = m;
            intervals.put(names.get(m), BOOTSTRAP.around(values[m], column(r -> replicates[r][metric])));
        }
        return intervals;
    }

    /** Returns this minus the other, paired, at the bootstrap's level. */
    Interval minus(Scores other, String name, Bootstrap bootstrap) {
        int m = index(name);
        return bootstrap.around(values[m] - other.values[m], column(r -> replicates[r][m] - other.replicates[r][m]));
    }

    private int index(String name) {
        requireKnown(name);
        return names.indexOf(name);
    }

    void requireKnown(String name) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException("metric must be one of " + String.join(", ", names) + "; got \"" + name
                    + "\"" + Names.didYouMean(name, names));
        }
    }

    private double[] column(IntToDoubleFunction replicate) {
        return IntStream.range(0, replicates.length).mapToDouble(replicate).toArray();
    }
}
