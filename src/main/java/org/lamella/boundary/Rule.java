// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.Bootstrap;
import org.lamella.base.Choice;
import org.lamella.base.Clusters;
import org.lamella.base.Interval;
import org.lamella.base.Sample;
import org.lamella.base.Seed;

/**
 * Chooses a boundary from the loss of every example at every boundary: of those within one paired standard error of the
 * lowest mean loss the largest, the nearest to what was trained; and none at all, that is the depth, when this does not
 * beat the whole adapter by a paired 90 % interval. The lowest of many losses is low partly by luck; this rule asks for
 * more than luck.
 */
final class Rule {

    private static final Bootstrap BOOTSTRAP = new Bootstrap(new Seed(0).child("boundary"), 2000, 0.90);

    /** With fewer examples an interval says nothing. */
    static final int FEWEST = 8;

    private Rule() {}

    /**
     * Returns the boundary with what decided it.
     *
     * @param losses the loss of each example by boundary; boundaries that keep the same layers may be left out, but not
     *     the largest
     * @param depth the boundary that keeps everything; the largest key keeps as much
     * @param clusters which examples are not independent
     */
    static Choice choose(Map<Integer, double[]> losses, int depth, Clusters clusters, Sample sample) {
        List<Integer> boundaries = losses.keySet().stream().sorted().toList();
        int whole = boundaries.get(boundaries.size() - 1);
        if (boundaries.size() == 1) {
            return new Choice(depth, "no boundary: no layer is adapted, so there is nothing to cut", sample);
        }
        double[] all = losses(losses, whole);
        int n = clusters.size();
        if (n < FEWEST) {
            return new Choice(
                    depth,
                    "no boundary: " + n + (clusters.single() ? " example" : " prompt") + (n == 1 ? " is" : "s are")
                            + " too few to tell, at least " + FEWEST,
                    sample);
        }
        int best = boundaries.stream()
                .reduce((a, b) -> mean(losses(losses, b)) <= mean(losses(losses, a)) ? b : a)
                .orElse(whole);
        int candidate = boundaries.stream()
                .filter(b -> withinOneError(minus(losses(losses, b), losses(losses, best)), clusters))
                .reduce(best, Math::max);
        if (candidate == whole) {
            String why = best == whole ? "has the lowest loss" : "is within one standard error of the lowest loss";
            return new Choice(depth, "no boundary: keeping all layers " + why, sample);
        }
        Interval gain = BOOTSTRAP.mean(minus(losses(losses, candidate), all), clusters);
        if (!(gain.high() < 0)) {
            return new Choice(depth, "no boundary: no cut beats keeping all layers by a 90 % interval", sample);
        }
        return new Choice(
                candidate,
                "the largest boundary within one standard error of the lowest loss, and better than keeping all layers"
                        + " by a 90 % interval",
                sample);
    }

    private static double[] losses(Map<Integer, double[]> losses, int boundary) {
        return losses.getOrDefault(boundary, new double[0]);
    }

    private static boolean withinOneError(double[] difference, Clusters clusters) {
        return mean(difference) <= clusters.standardError(difference, clusters.all());
    }

    private static double[] minus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
