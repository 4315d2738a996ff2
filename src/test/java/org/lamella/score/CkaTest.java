// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lamella.base.Bootstrap;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.model.Position;
import org.lamella.tensor.Torch;

class CkaTest {

    private static final Protocol CORRECTED = Protocol.corrected();
    private static final Measured.Sizes ALL = Measured.Sizes.standard(0);

    @Test
    void comparesByHand() {
        Matrix x = Matrix.of(4, 1, new double[] {1, -1, 1, -1});
        Matrix y = Matrix.of(4, 1, new double[] {1, 1, -1, -1});
        Matrix both = Matrix.of(4, 2, new double[] {1, 1, -1, 1, 1, -1, -1, -1});

        Protocol biased = CORRECTED.estimator(Estimator.BIASED);
        assertThat(Cka.between(x, y, biased)).isCloseTo(0, within(1e-12));
        assertThat(Cka.between(x, both, biased)).isCloseTo(1 / Math.sqrt(2), within(1e-12));
    }

    @Test
    void resamplesPairDistinctExamplesOnlyAndTakeTheirOffsetsOff() {
        int n = 9;
        List<Matrix> states = states(n, 3, 2, 11);
        Protocol protocol = CORRECTED.resamples(new Bootstrap(new Seed(3), 5, 0.95));

        Measured measured = Measured.of(Source.of(states, n), protocol, ALL);

        int[][] counts = counts(protocol, n);
        double[][] k = gram(states.get(0));
        double[][] q = gram(states.get(1));
        for (int r = 0; r < counts.length; r++) {
            double expected = offDiagonal(k, q, counts[r])
                    / Math.sqrt(offDiagonal(k, k, counts[r]) * offDiagonal(q, q, counts[r]));
            double seen = measured.replicates().at(r, 0);
            if (Double.isNaN(expected)) {
                assertThat(seen).isNaN();
            } else {
                assertThat(seen).isCloseTo(expected, within(1e-9));
            }
        }
    }

    @Test
    void biasedResamplesAreTheScoresOfTheRowsDrawnMovedToTheScore() {
        int n = 12;
        List<Matrix> states = states(n, 3, 2, 5);
        Protocol protocol = CORRECTED.estimator(Estimator.BIASED).resamples(new Bootstrap(new Seed(3), 4, 0.95));

        Measured measured = Measured.of(Source.of(states, n), protocol, ALL);

        int[][] counts = counts(protocol, n);
        double first = Cka.between(drawn(states.get(0), counts[0]), drawn(states.get(1), counts[0]), protocol);
        for (int r = 1; r < counts.length; r++) {
            double other = Cka.between(drawn(states.get(0), counts[r]), drawn(states.get(1), counts[r]), protocol);
            assertThat(measured.replicates().at(r, 0) - measured.replicates().at(0, 0))
                    .isCloseTo(other - first, within(1e-9));
        }
    }

    @Test
    void intervalsOfManyExamplesComeFromASampleScaledToAll() {
        List<Matrix> states = states(600, 4, 3, 1);
        Measured.Sizes small = new Measured.Sizes(100, 100);

        LayerScores all = score(states, CORRECTED, ALL);
        LayerScores sampled = score(states, CORRECTED, small);

        assertThat(sampled.values()).containsExactly(all.values(), within(1e-9));
        for (int layer = 0; layer < 2; layer++) {
            assertThat(width(sampled, layer) / width(all, layer)).isBetween(0.5, 2.0);
        }
        assertThat(sampled.provenance().facts())
                .containsEntry("form", "sums of products of features, streamed")
                .containsEntry(
                        "intervals",
                        "examples drawn again with replacement from a seeded sample of 100, deviations scaled by"
                                + " sqrt(100/600), no example paired with itself");
    }

    @Test
    void typesConstantStatesAsUndefinedAndWarnsOfFewDistinctRows() {
        List<Matrix> states = new ArrayList<>(states(20, 3, 4, 2));
        states.set(0, Matrix.of(20, 3, new double[60]));
        states.set(2, repeated(20, 3));

        LayerScores scores = score(states, CORRECTED, ALL);

        assertThat(scores.layers().get(0)).isEqualTo(new LayerScore.Undefined(0, "the input is constant"));
        assertThat(scores.layers().get(2).note()).isEqualTo("the input has only 3 distinct rows");
        assertThat(scores.provenance().warnings())
                .containsExactly(
                        "layer 2: the input has only 3 distinct rows, so that its score hangs on how often each"
                                + " occurs");
        assertThat(scores.matrix().values().at(0, 1)).isNaN();
        assertThat(scores.matrix().values().at(3, 3)).isEqualTo(1);
        assertThat(scores.matrix().table().columnNames()).containsExactly("state", "0", "1", "2", "3", "4");
    }

    @Test
    void scoresWhatWasReadWhenItIsStopped() {
        List<Matrix> states = states(30, 3, 2, 4);
        List<Matrix> read = states.stream().map(state -> head(state, 20)).toList();
        Source stopped = new Source(2, 3, 30, Source.of(read, 10).reading());

        LayerScores scores = Cka.score(stopped, CORRECTED, ALL, GoldenStates.named("rows"), Provenance.of("test"));
        LayerScores expected = score(read, CORRECTED, ALL);

        assertThat(scores.values()).containsExactly(expected.values());
        assertThat(scores.provenance().warnings())
                .containsExactly("scored on the first 20 of 30 examples in order of length: reading was stopped");
    }

    @Test
    void refusesWhatCannotBeScored() {
        List<Matrix> states = states(8, 3, 3, 6);
        double[] broken = states.get(2).values();
        broken[4] = Double.NaN;
        List<Matrix> withHole = List.of(states.get(0), states.get(1), Matrix.of(8, 3, broken));
        Matrix three = head(states.get(0), 3);

        assertThatThrownBy(() -> score(withHole, CORRECTED, ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("representations must be finite; got NaN or infinity in the output of layer 1");
        assertThatThrownBy(() -> Cka.between(three, three, CORRECTED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("x must have at least 4 examples for this estimator (debiased: HSIC_1 of Song et al. 2012);"
                        + " got 3");
        assertThatThrownBy(() -> Cka.between(three, states.get(0), CORRECTED))
                .hasMessage("y must have as many rows as x, 3; got 8");
    }

    @Test
    void listsEverySwitchInTheProvenance() {
        LayerScores scores = score(states(8, 3, 3, 6), Protocol.published(), ALL);

        assertThat(scores.provenance().facts())
                .containsEntry("estimator", "biased: tr(KHLH)")
                .containsEntry("precision", "single")
                .containsEntry("position", "cls")
                .containsEntry("candidates", "the layer of lowest CKA is never chosen: sorted[1 : n + 1]")
                .containsEntry("constant representations", "score 0")
                .containsEntry("resamples", "1000 at level 0.95, seed 0")
                .containsEntry("form", "products of features");
    }

    @Test
    void protocolsSayTheirOwnCode() {
        assertThat(CORRECTED.code()).isEqualTo("Protocol.corrected()");
        assertThat(CORRECTED.position(Position.MEAN).seed(7).code())
                .isEqualTo("Protocol.corrected().position(Position.MEAN).seed(7)");
        assertThat(Protocol.published().candidates(Candidates.ALL_LAYERS).code())
                .isEqualTo("Protocol.published().candidates(Candidates.ALL_LAYERS)");
        assertThat(Protocol.published().estimator(Estimator.DEBIASED).code())
                .isEqualTo("Protocol.published().estimator(Estimator.DEBIASED)");
    }

    @Test
    void leavesNoTensorBehind() {
        List<Matrix> states = states(20, 3, 3, 8);
        score(states, CORRECTED, ALL);
        long live = Torch.liveTensors();

        score(states, CORRECTED, ALL);
        score(states, Protocol.published(), new Measured.Sizes(5, 10));

        assertThat(Torch.liveTensors()).isLessThanOrEqualTo(live); // a cleaner may free what earlier tests left
    }

    private static LayerScores score(List<Matrix> states, Protocol protocol, Measured.Sizes sizes) {
        return GoldenStates.score(states, protocol, sizes);
    }

    private static double width(LayerScores scores, int layer) {
        LayerScore.Defined defined = (LayerScore.Defined) scores.layers().get(layer);
        return defined.high() - defined.low();
    }

    private static List<Matrix> states(int n, int width, int layers, long seed) {
        SplittableRandom random = new Seed(seed).random();
        List<Matrix> states = new ArrayList<>();
        double[] state = new double[n * width];
        for (int layer = 0; layer <= layers; layer++) {
            for (int i = 0; i < state.length; i++) {
                state[i] += random.nextGaussian();
            }
            states.add(Matrix.of(n, width, state));
        }
        return states;
    }

    private static Matrix repeated(int n, int width) {
        double[] values = new double[n * width];
        Arrays.setAll(values, i -> i / width % 3 + 0.5 * (i % width));
        return Matrix.of(n, width, values);
    }

    private static Matrix head(Matrix matrix, int rows) {
        return Matrix.of(rows, matrix.columns(), Arrays.copyOf(matrix.values(), rows * matrix.columns()));
    }

    private static int[][] counts(Protocol protocol, int n) {
        SplittableRandom random = protocol.resamples().seed().child("resamples").random();
        int[][] counts = new int[protocol.resamples().replicates()][n];
        for (int[] replicate : counts) {
            for (int i = 0; i < n; i++) {
                replicate[random.nextInt(n)]++;
            }
        }
        return counts;
    }

    private static Matrix drawn(Matrix x, int[] counts) {
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            for (int times = 0; times < counts[i]; times++) {
                rows.add(x.row(i));
            }
        }
        return Matrix.of(
                rows.size(),
                x.columns(),
                rows.stream().flatMapToDouble(Arrays::stream).toArray());
    }

    private static double[][] gram(Matrix x) {
        double[][] gram = new double[x.rows()][x.rows()];
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < x.rows(); j++) {
                for (int c = 0; c < x.columns(); c++) {
                    gram[i][j] += x.at(i, c) * x.at(j, c);
                }
            }
        }
        return gram;
    }

    // sum of c_i c_j K_ij Q_ij over pairs of distinct examples, the additive part f_i + f_j of K taken off by repeated
    // averaging instead of by the closed form
    private static double offDiagonal(double[][] k, double[][] q, int[] c) {
        int n = c.length;
        double[] f = new double[n];
        for (int round = 0; round < 2000; round++) {
            for (int i = 0; i < n; i++) {
                double sum = 0;
                double weight = 0;
                for (int j = 0; j < n; j++) {
                    sum += j == i ? 0 : c[j] * (k[i][j] - f[j]);
                    weight += j == i ? 0 : c[j];
                }
                f[i] = sum / weight;
            }
        }
        double total = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                total += j == i ? 0 : c[i] * c[j] * (k[i][j] - f[i] - f[j]) * q[i][j];
            }
        }
        return total;
    }
}
