// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * A rule that reads a boundary off a curve: what precedes the rise is taken for the part of the model where the adapter is
 * needed. The paper has a person look (arXiv 2503.23360, whose own wording is not public); each of these is one way to say
 * what the person sees. All curves are turned so that they rise: more is better.
 *
 * @param name as tables print it
 * @param place finds the boundary, 0 to depth
 */
record CurveRule(String name, ToIntFunction<Seen> place) {

    /**
     * What a rule sees.
     *
     * @param adapted the mean of the adapted curve at each point, 0 to depth
     * @param gap the mean of adapted minus bare
     * @param gapErrors its standard error
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Seen(double[] adapted, double[] gap, double[] gapErrors) {
        int depth() {
            return adapted.length - 1;
        }
    }

    /** The first point that has climbed a share of the way from the lowest to the highest; the boundary is the one before. */
    static CurveRule onset(double share) {
        return new CurveRule(String.format(Locale.ROOT, "onset at %.2f", share), seen -> {
            double least = IntStream.rangeClosed(0, seen.depth())
                    .mapToDouble(point -> seen.adapted()[point])
                    .min()
                    .orElseThrow();
            double most = IntStream.rangeClosed(0, seen.depth())
                    .mapToDouble(point -> seen.adapted()[point])
                    .max()
                    .orElseThrow();
            return before(IntStream.rangeClosed(0, seen.depth())
                    .filter(point -> seen.adapted()[point] >= least + share * (most - least))
                    .findFirst()
                    .orElseThrow());
        });
    }

    /** The point farthest below the chord from the first to the last. */
    static CurveRule knee() {
        return new CurveRule("knee", seen -> {
            double[] curve = seen.adapted();
            int depth = seen.depth();
            return largest(0, depth, point -> curve[0] + (curve[depth] - curve[0]) * point / depth - curve[point]);
        });
    }

    /** The point before the layer that adds most. */
    static CurveRule steepest() {
        return new CurveRule(
                "steepest rise",
                seen -> before(largest(1, seen.depth(), point -> seen.adapted()[point] - seen.adapted()[point - 1])));
    }

    /** The last point of the first of two straight lines that fit best, by least squares over all ways to part the points. */
    static CurveRule twoPieces() {
        return new CurveRule("two-piece fit", seen -> {
            int depth = seen.depth();
            return depth < 3
                    ? knee().place().applyAsInt(seen)
                    : largest(
                            1,
                            depth - 2,
                            point -> -Line.misfit(seen.adapted(), 0, point)
                                    - Line.misfit(seen.adapted(), point + 1, depth));
        });
    }

    /** The point before the first from which on the gap stays beyond two of its standard errors; depth if it never does. */
    static CurveRule divergence() {
        return new CurveRule("divergence from the bare model", seen -> {
            int first = seen.depth() + 1;
            while (first > 0 && seen.gap()[first - 1] > 2 * seen.gapErrors()[first - 1]) {
                first--;
            }
            return before(first);
        });
    }

    private static int before(int point) {
        return Math.max(0, point - 1);
    }

    private interface AtPoint {
        double of(int point);
    }

    // of equal ones the first
    private static int largest(int from, int to, AtPoint value) {
        return IntStream.rangeClosed(from, to)
                .reduce((a, b) -> value.of(b) > value.of(a) ? b : a)
                .orElse(from);
    }

    /** A straight line through the points of a curve. */
    private static final class Line {
        private Line() {}

        static double misfit(double[] curve, int from, int to) {
            int n = to - from + 1;
            double x = (from + to) / 2.0;
            double y = IntStream.rangeClosed(from, to)
                    .mapToDouble(point -> curve[point])
                    .average()
                    .orElseThrow();
            double xx = 0;
            double xy = 0;
            double yy = 0;
            for (int point = from; point <= to; point++) {
                xx += (point - x) * (point - x);
                xy += (point - x) * (curve[point] - y);
                yy += (curve[point] - y) * (curve[point] - y);
            }
            return n < 3 ? 0 : yy - xy * xy / xx;
        }
    }
}
