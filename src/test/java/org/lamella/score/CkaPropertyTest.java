// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.base.Matrix;
import org.lamella.base.Seed;

/** Two hundred cases each; {@code -Dseed=} repeats another choice of them. */
class CkaPropertyTest {

    private static final int CASES = 200;
    private static final Seed SEED = new Seed(Long.getLong("seed", 0));
    private static final Protocol DEBIASED = Protocol.corrected();
    private static final Protocol BIASED = DEBIASED.estimator(Estimator.BIASED);

    @Test
    void biasedScoresLieBetween0And1AndAStateIsLikeItself() {
        forEachCase("range", (random, name) -> {
            Matrix x = cloud(random, 5 + random.nextInt(20), 1 + random.nextInt(12));
            Matrix y = cloud(random, x.rows(), 1 + random.nextInt(12));

            assertThat(Cka.between(x, y, BIASED)).as(name).isBetween(0.0, 1.0);
            assertThat(Cka.between(x, x, BIASED)).as(name).isCloseTo(1, within(1e-12));
            assertThat(Cka.between(x, x, DEBIASED)).as(name).isCloseTo(1, within(1e-12));
        });
    }

    @Test
    void rotationScaleAndPlaceChangeNothing() {
        forEachCase("invariance", (random, name) -> {
            Matrix x = cloud(random, 6 + random.nextInt(20), 2 + random.nextInt(10));
            Matrix y = cloud(random, x.rows(), 2 + random.nextInt(10));
            Matrix moved = moved(y, random);

            for (Protocol protocol : List.of(BIASED, DEBIASED)) {
                assertThat(Cka.between(x, moved, protocol))
                        .as(name)
                        .isCloseTo(Cka.between(x, y, protocol), within(1e-9));
            }
        });
    }

    @Test
    void debiasedScoresOfUnrelatedStatesAre0OnAverageWhereBiasedOnesAreHigh() {
        double[] debiased = new double[CASES];
        double[] biased = new double[CASES];
        forEachCase("unrelated", (random, name) -> {
            Matrix x = normal(random, 24, 48);
            Matrix y = normal(random, 24, 48);
            int at = Integer.parseInt(name.substring(name.lastIndexOf(' ') + 1));
            debiased[at] = Cka.between(x, y, DEBIASED);
            biased[at] = Cka.between(x, y, BIASED);
        });

        assertThat(IntStream.range(0, CASES)
                        .mapToDouble(i -> debiased[i])
                        .average()
                        .orElseThrow())
                .isCloseTo(0, within(0.02));
        assertThat(IntStream.range(0, CASES)
                        .mapToDouble(i -> biased[i])
                        .average()
                        .orElseThrow())
                .isGreaterThan(0.6);
    }

    @Test
    void streamedSumsGiveTheScoresOfGramMatricesWhateverTheBatches() {
        forEachCase("forms", (random, name) -> {
            int examples = 5 + random.nextInt(40);
            int width = 2 + random.nextInt(12);
            List<Matrix> states = List.of(
                    cloud(random, examples, width), cloud(random, examples, width), cloud(random, examples, width));
            int batch = 1 + random.nextInt(examples);
            for (Protocol protocol : List.of(BIASED.seed(random.nextInt()), DEBIASED)) {
                Protocol one = few(protocol);
                Measured kept = Measured.of(Source.of(states, examples), one, new Measured.Sizes(examples, 1024));
                Measured streamed = Measured.of(Source.of(states, batch), one, new Measured.Sizes(0, 1024));

                for (int layer = 0; layer < 2; layer++) {
                    double expected = kept.layers().get(layer);
                    assertThat(streamed.layers().get(layer))
                            .as(name)
                            .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
                }
            }
        });
    }

    @Test
    void chosenSetsComeBackFromTheirMasks() {
        forEachCase("masks", (random, name) -> {
            int depth = 1 + random.nextInt(40);
            double[] importances = random.doubles(depth).toArray();
            int n = 1 + random.nextInt(depth);
            LayerSet chosen = TestScores.of(importances).top(n);

            assertThat(chosen.size()).as(name).isEqualTo(n);
            assertThat(LayerSet.parse(chosen.mask())).as(name).isEqualTo(chosen);
        });
    }

    private interface Case {
        void run(SplittableRandom random, String name);
    }

    private static void forEachCase(String property, Case one) {
        for (int i = 0; i < CASES; i++) {
            one.run(SEED.child(property, i).random(), "seed " + SEED.value() + ", case " + i);
        }
    }

    private static Protocol few(Protocol protocol) {
        return protocol.resamples(new org.lamella.base.Bootstrap(new Seed(0), 2, 0.95));
    }

    private static Matrix normal(SplittableRandom random, int rows, int columns) {
        return Matrix.of(
                rows,
                columns,
                IntStream.range(0, rows * columns)
                        .mapToDouble(i -> random.nextGaussian())
                        .toArray());
    }

    // normal numbers around a mean that is not zero, each column of another size
    private static Matrix cloud(SplittableRandom random, int rows, int columns) {
        double[] values = normal(random, rows, columns).values();
        double[] mean = normal(random, 1, columns).values();
        double[] size = random.doubles(columns, 0.1, 3).toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = 3 * mean[i % columns] + size[i % columns] * values[i];
        }
        return Matrix.of(rows, columns, values);
    }

    private static Matrix moved(Matrix y, SplittableRandom random) {
        int width = y.columns();
        RealMatrix square = new Array2DRowRealMatrix(width, width);
        for (int i = 0; i < width * width; i++) {
            square.setEntry(i / width, i % width, random.nextGaussian());
        }
        RealMatrix rotation = new QRDecomposition(square).getQ();
        double scale = random.nextDouble(0.1, 10);
        double[] place = normal(random, 1, width).values();
        double[] values = new double[y.rows() * width];
        for (int row = 0; row < y.rows(); row++) {
            double[] rotated = rotation.preMultiply(y.row(row));
            for (int c = 0; c < width; c++) {
                values[row * width + c] = scale * rotated[c] + place[c];
            }
        }
        return Matrix.of(y.rows(), width, values);
    }
}
