// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Seeds, intervals, matrices and names. */
final class StatisticsTest {

    @Test
    void childrenOfASeedDependOnItsValueAndTheirNameAlone() {
        Seed seed = new Seed(7);

        assertThat(seed.child("shuffle")).isEqualTo(new Seed(7).child("shuffle"));
        assertThat(seed.child("shuffle")).isNotEqualTo(seed.child("dropout"));
        assertThat(seed.child("shuffle")).isNotEqualTo(new Seed(8).child("shuffle"));
        assertThat(seed.child("shuffle", 1)).isNotEqualTo(seed.child("shuffle", 2));
    }

    @Test
    void aPermutationHoldsEachNumberOnce() {
        int[] order = new Seed(3).permutation(100);

        assertThat(Arrays.stream(order).sorted().toArray())
                .isEqualTo(IntStream.range(0, 100).toArray());
        assertThat(order).isNotEqualTo(IntStream.range(0, 100).toArray());
    }

    @Test
    void examplesDrawnTogetherAreWorthOne() {
        double[] values = new Seed(5).random().doubles(60).toArray();
        double[] twice =
                Arrays.stream(values).flatMap(x -> DoubleStream.of(x, x)).toArray();
        Clusters pairs =
                Clusters.of(IntStream.range(0, 120).mapToObj(i -> i / 2).toList());
        Bootstrap bootstrap = Bootstrap.standard(new Seed(0));

        Interval single = bootstrap.mean(values);
        Interval together = bootstrap.mean(twice, pairs);

        assertThat(bootstrap.mean(values, Clusters.single(60))).isEqualTo(single);
        assertThat(bootstrap.mean(
                        values, Clusters.of(IntStream.range(0, 60).boxed().toList())))
                .isEqualTo(single);
        assertThat(together.low()).isCloseTo(single.low(), within(1e-12));
        assertThat(together.high()).isCloseTo(single.high(), within(1e-12));
        assertThat(bootstrap.mean(twice).high() - bootstrap.mean(twice).low())
                .isLessThan(0.8 * (single.high() - single.low()));
        assertThat(pairs).hasToString("60 clusters of 120 examples");
        assertThat(bootstrap.mean(new double[0], Clusters.single(0)).value()).isNaN();
    }

    @Test
    void theStandardErrorOfClustersIsThatOfTheirMeans() {
        double[] values = {1, 3, 2, 8, 6};
        Clusters single = Clusters.single(5);
        Clusters pairs = Clusters.of(List.of("a", "b", "a", "b")); // 1 and 2, 3 and 8

        assertThat(single.standardError(values, single.all())).isCloseTo(Math.sqrt(8.5 / 5), within(1e-12));
        assertThat(pairs.mean(values, pairs.all())).isEqualTo(3.5);
        assertThat(pairs.standardError(values, pairs.all())).isCloseTo(2, within(1e-12)); // of 1.5 and 5.5
        assertThat(pairs.examples(new int[] {1, 1, 0})).containsExactly(1, 3, 1, 3, 0, 2);
        assertThat(pairs.mean(values, new int[] {1, 1, 0})).isCloseTo(25 / 6.0, within(1e-12));
        assertThat(pairs.standardError(values, new int[] {1})).isZero();
    }

    @Test
    void theIntervalOfAMeanIsWhatTheNormalLawSays() {
        double[] values = IntStream.range(0, 400).mapToDouble(i -> i % 2).toArray();

        Interval mean = Bootstrap.standard(new Seed(0)).mean(values);

        assertThat(mean.value()).isEqualTo(0.5);
        assertThat(mean.low()).isCloseTo(0.5 - 1.96 * 0.025, within(0.01));
        assertThat(mean.high()).isCloseTo(0.5 + 1.96 * 0.025, within(0.01));
    }

    @Test
    void nothingHasAnIntervalOfNothing() {
        assertThat(Bootstrap.standard(new Seed(0)).mean(new double[0]).value()).isNaN();
        assertThat(new Interval(1, -1, 2).excludesZero()).isFalse();
        assertThat(new Interval(1, 0.5, 2).excludesZero()).isTrue();
        assertThatThrownBy(() -> new Bootstrap(new Seed(0), 0, 0.95))
                .hasMessage("replicates must be at least 1; got 0");
        assertThatThrownBy(() -> new Bootstrap(new Seed(0), 10, 1))
                .hasMessage("level must lie between 0 and 1; got 1.0");
    }

    @Test
    void aMatrixIsReadRowByRow() {
        Matrix matrix = Matrix.of(2, 3, new double[] {1, 2, 3, 4, 5, 6});

        assertThat(matrix.at(1, 0)).isEqualTo(4);
        assertThat(matrix.row(1)).containsExactly(4, 5, 6);
        assertThat(matrix.table().rowCount()).isEqualTo(2);
        assertThat(matrix).isEqualTo(Matrix.of(2, 3, new float[] {1, 2, 3, 4, 5, 6}));
        assertThatThrownBy(() -> matrix.at(2, 0)).hasMessage("place must lie inside 2 x 3; got (2, 0)");
        assertThatThrownBy(() -> Matrix.of(2, 2, new double[3])).hasMessage("values must fill 2 x 2 = 4 places; got 3");
    }

    @Test
    void theNearestNameIsTheOneAPersonMeant() {
        List<String> known = List.of("query", "key", "value");

        assertThat(Names.didYouMean("qurey", known)).isEqualTo("; did you mean \"query\"?");
        assertThat(Names.didYouMean("completely different", known)).isEmpty();
    }

    @Test
    void provenanceComparesWithoutItsTimes() {
        Provenance first = Provenance.of("line").with("seed", 1);

        assertThat(first.finished()).isEqualTo(Provenance.of("line").with("seed", 1));
        assertThat(first.warning("careful").warnings()).containsExactly("careful");
        assertThat(first).isNotEqualTo(first.with("seed", 2));
    }
}
