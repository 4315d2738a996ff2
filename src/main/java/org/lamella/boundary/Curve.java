// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Bootstrap;
import org.lamella.base.Clusters;
import org.lamella.base.Interval;
import org.lamella.base.Seed;
import org.lamella.model.Predictions;

/** A number of every example at every point of a curve. Immutable, plain Java values. */
final class Curve {

    private static final Bootstrap BOOTSTRAP = Bootstrap.standard(new Seed(0));

    private final double[][] values; // (points, examples)
    private final Clusters clusters;

    private Curve(double[][] values, Clusters clusters) {
        this.values = values;
        this.clusters = clusters;
    }

    /** Returns the curve of a measure, a point for each of the predictions of the same examples. */
    static Curve of(Measure measure, List<Predictions> points) {
        return new Curve(
                points.stream().map(measure::of).toArray(double[][]::new),
                points.get(0).split().clusters());
    }

    int points() {
        return values.length;
    }

    /** Returns the examples that are drawn together, the answers to one prompt. */
    Clusters clusters() {
        return clusters;
    }

    /** Returns this curve minus another, example by example. */
    Curve minus(Curve other) {
        return new Curve(
                IntStream.range(0, points())
                        .mapToObj(point -> minus(values[point], other.values[point]))
                        .toArray(double[][]::new),
                clusters);
    }

    private static double[] minus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    /** Returns the mean of every point over some clusters, which may repeat. */
    double[] means(int[] drawn) {
        return Arrays.stream(values)
                .mapToDouble(point -> clusters.mean(point, drawn))
                .toArray();
    }

    /** Returns the standard error of the mean of every point over some clusters, which may repeat; 0 of a single one. */
    double[] errors(int[] drawn) {
        return Arrays.stream(values)
                .mapToDouble(point -> clusters.standardError(point, drawn))
                .toArray();
    }

    /** Returns the mean of every point with its 95 % interval; of all curves of as many examples the same resamples. */
    List<Interval> intervals() {
        return Arrays.stream(values)
                .map(point -> BOOTSTRAP.mean(point, clusters))
                .toList();
    }
}
