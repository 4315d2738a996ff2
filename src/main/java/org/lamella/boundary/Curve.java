// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Bootstrap;
import org.lamella.base.Interval;
import org.lamella.base.Seed;
import org.lamella.model.Predictions;

/** A number of every example at every point of a curve. Immutable, plain Java values. */
final class Curve {

    private static final Bootstrap BOOTSTRAP = Bootstrap.standard(new Seed(0));

    private final double[][] values; // (points, examples)

    private Curve(double[][] values) {
        this.values = values;
    }

    /** Returns the curve of a measure, a point for each of the predictions of the same examples. */
    static Curve of(Measure measure, List<Predictions> points) {
        return new Curve(points.stream().map(measure::of).toArray(double[][]::new));
    }

    int points() {
        return values.length;
    }

    int examples() {
        return values[0].length;
    }

    /** Returns this curve minus another, example by example. */
    Curve minus(Curve other) {
        return new Curve(IntStream.range(0, points())
                .mapToObj(point -> minus(values[point], other.values[point]))
                .toArray(double[][]::new));
    }

    private static double[] minus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    /** Returns the mean of every point over some examples, which may repeat. */
    double[] means(int[] examples) {
        return Arrays.stream(values)
                .mapToDouble(point -> Arrays.stream(examples)
                        .mapToDouble(example -> point[example])
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    /** Returns the standard error of the mean of every point over some examples, which may repeat; 0 of a single one. */
    double[] errors(int[] examples) {
        double[] means = means(examples);
        int n = examples.length;
        return IntStream.range(0, points())
                .mapToDouble(point -> Arrays.stream(examples)
                        .mapToDouble(example -> values[point][example] - means[point])
                        .map(difference -> difference * difference)
                        .sum())
                .map(squares -> n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n))
                .toArray();
    }

    /** Returns the mean of every point with its 95 % interval; of all curves of as many examples the same resamples. */
    List<Interval> intervals() {
        return Arrays.stream(values).map(BOOTSTRAP::mean).toList();
    }
}
