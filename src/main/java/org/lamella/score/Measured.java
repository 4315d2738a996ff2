// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Matrix;
import org.lamella.base.Seed;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * The numbers of one scoring, read off the states of a model.
 *
 * @param examples how many examples were read
 * @param layers the CKA of each layer's input and output
 * @param matrix the CKA of every state with every state
 * @param conditions for each state, whether it has something to compare
 * @param distinct for each state, how many distinct rows it had, at most {@link RowWatch#FEW}
 * @param replicates the CKA of each layer in each resample
 * @param resampled how many examples the resamples look at
 * @param compared how many examples the matrix looks at
 * @param streamed whether the scores come from sums of products of features, not from Gram matrices
 */
record Measured(
        int examples,
        List<Double> layers,
        Matrix matrix,
        List<Condition> conditions,
        List<Integer> distinct,
        Matrix replicates,
        int resampled,
        int compared,
        boolean streamed) {

    /**
     * The sizes from which on less is kept.
     *
     * @param whole up to so many examples all states are kept and Gram matrices made
     * @param resampled at most so many examples are resampled
     */
    record Sizes(int whole, int resampled) {
        static final int RESAMPLED = 1024;

        /** Returns the sizes for states of that width: with more examples than both, Gram matrices cost more. */
        static Sizes standard(int width) {
            return new Sizes(Math.max(RESAMPLED, width), RESAMPLED);
        }
    }

    /** Reads a source once and measures it. */
    static Measured of(Source source, Protocol protocol, Sizes sizes) {
        boolean streamed = source.examples() > sizes.whole();
        int[] wanted = streamed
                ? sample(
                        source.examples(),
                        sizes.resampled(),
                        protocol.resamples().seed())
                : IntStream.range(0, source.examples()).toArray();
        try (Scope scope = Scope.open()) {
            KeptStates kept = KeptStates.of(scope, source.examples(), wanted);
            StreamedSums sums = new StreamedSums(scope);
            RowWatch watch = new RowWatch(scope, source.width());
            int read = source.reading().applyAsInt((examples, states, step) -> {
                watch.take(states, step);
                kept.take(examples, states, step);
                if (streamed) {
                    sums.take(states);
                }
            });
            requireEnough(read, protocol.estimator());
            List<Integer> distinct = IntStream.rangeClosed(0, source.depth())
                    .mapToObj(watch::distinct)
                    .toList();
            return new Reading(kept, sums, streamed, read, distinct, protocol, sizes, scope).measured();
        }
    }

    private static void requireEnough(int read, Estimator estimator) {
        if (read < estimator.fewestExamples()) {
            throw new IllegalStateException(
                    "scoring was stopped after " + read + " examples; it needs at least " + estimator.fewestExamples());
        }
    }

    private static int[] sample(int examples, int size, Seed seed) {
        return Arrays.stream(seed.child("interval sample").permutation(examples))
                .limit(size)
                .sorted()
                .toArray();
    }

    /** What was read, before it is measured. */
    private record Reading(
            KeptStates kept,
            StreamedSums sums,
            boolean streamed,
            int read,
            List<Integer> distinct,
            Protocol protocol,
            Sizes sizes,
            Scope scope) {

        Measured measured() {
            int count = distinct.size();
            List<Tensor> states = kept.states();
            double[] all = hsic(states, DType.F64);
            double[] pairs = pairs(states, all);
            Condition[] conditions = conditions(streamed ? sums.spread(read) : spread(states), pairs, count);
            double[] layers = new double[count - 1];
            boolean[] fixed = new boolean[count - 1];
            for (int layer = 0; layer < layers.length; layer++) {
                fixed[layer] = !both(conditions, layer, layer + 1);
                layers[layer] = ratio(pairs[count + layer], pairs[layer], pairs[layer + 1], fixed[layer]);
            }
            List<Tensor> few = kept.size() <= sizes.resampled()
                    ? states
                    : kept.states(sample(
                            kept.size(), sizes.resampled(), protocol.resamples().seed()));
            double[][] replicates = Resamples.of(few, protocol, layers, fixed, read, scope);
            return new Measured(
                    read,
                    Arrays.stream(layers).boxed().toList(),
                    matrix(all, conditions),
                    List.of(conditions),
                    distinct,
                    rows(replicates, layers.length),
                    (int) few.get(0).size(0),
                    kept.size(),
                    streamed);
        }

        private Condition[] conditions(double[] spread, double[] pairs, int count) {
            Condition[] conditions = new Condition[count];
            Arrays.setAll(
                    conditions, s -> Condition.of(spread[s], spread[count + s], pairs[s], read, protocol.estimator()));
            return conditions;
        }

        private static boolean both(Condition[] conditions, int a, int b) {
            return conditions[a] == Condition.VARIES && conditions[b] == Condition.VARIES;
        }

        private Tensor like(DType type) {
            return scope.zeros(type, 1);
        }

        private double[] spread(List<Tensor> states) {
            return CkaScript.call("spread")
                    .with(states)
                    .with(like(DType.F64))
                    .one(scope)
                    .doubles();
        }

        // HSIC of each state with itself, then of each state with the next; all is of every state with every state
        private double[] pairs(List<Tensor> states, double[] all) {
            if (streamed) {
                return sums.hsic(read, protocol.estimator());
            }
            if (protocol.byFeatures()) {
                double[] norms = CkaScript.call("published")
                        .with(states)
                        .with(like(DType.F32))
                        .one(scope)
                        .doubles();
                return Arrays.stream(norms).map(norm -> norm * norm).toArray();
            }
            double[] own = protocol.precision() == Precision.DOUBLE ? all : hsic(states, DType.F32);
            int count = states.size();
            return IntStream.range(0, 2 * count - 1)
                    .mapToDouble(i -> i < count ? own[i * count + i] : own[(i - count) * count + i - count + 1])
                    .toArray();
        }

        private double ratio(double pair, double left, double right, boolean undefined) {
            if (protocol.constantScoresZero()) {
                return protocol.precision() == Precision.SINGLE
                        ? (float) pair / Math.max((float) Math.sqrt(left) * (float) Math.sqrt(right), 1e-12f)
                        : pair / Math.max(Math.sqrt(left * right), 1e-12);
            }
            return undefined ? Double.NaN : pair / Math.sqrt(left * right);
        }

        private double[] hsic(List<Tensor> states, DType type) {
            return CkaScript.call("hsic")
                    .with(states)
                    .with(like(type))
                    .with(protocol.estimator() == Estimator.DEBIASED)
                    .one(scope)
                    .doubles();
        }

        private Matrix matrix(double[] hsic, Condition[] conditions) {
            int count = conditions.length;
            double[] values = new double[count * count];
            Arrays.setAll(values, i -> {
                int a = i / count;
                int b = i % count;
                return a == b && both(conditions, a, b)
                        ? 1
                        : ratio(hsic[i], hsic[a * count + a], hsic[b * count + b], !both(conditions, a, b));
            });
            return Matrix.of(count, count, values);
        }

        private static Matrix rows(double[][] rows, int columns) {
            return Matrix.of(
                    rows.length,
                    columns,
                    Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
        }
    }
}
