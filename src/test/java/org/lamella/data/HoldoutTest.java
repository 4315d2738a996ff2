// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.Seed;

class HoldoutTest {

    @Test
    void keepsTheShareOfEachLabelWithinOneExample() {
        Cases.each(random -> {
            int labels = 1 + random.nextInt(8);
            double share = random.nextDouble();
            List<Example> examples = Cases.examples(random, labels, 0);

            int[] held = Holdout.choose(
                    examples, rows(examples), Task.Kind.CLASSIFICATION, labels, share, new Seed(random.nextLong()));

            for (int label = 0; label < labels; label++) {
                double wanted = share * count(examples, rows(examples), label);
                assertThat((double) count(examples, held, label)).isBetween(wanted - 1, wanted + 1);
            }
        });
    }

    @Test
    void neverPartsIdenticalTextsAndNeverTakesTheLastOfALabel() {
        Cases.each(random -> {
            int labels = 1 + random.nextInt(5);
            List<Example> examples = Cases.examples(random, labels, 0.5);

            int[] held = Holdout.choose(
                    examples, rows(examples), Task.Kind.CLASSIFICATION, labels, random.nextDouble(), new Seed(1));

            Set<Integer> taken = new HashSet<>(Arrays.stream(held).boxed().toList());
            int[] left = Arrays.stream(rows(examples))
                    .filter(row -> !taken.contains(row))
                    .toArray();
            assertThat(texts(examples, held)).doesNotContainAnyElementsOf(texts(examples, left));
            for (int label = 0; label < labels; label++) {
                assertThat(count(examples, left, label) > 0).isEqualTo(count(examples, rows(examples), label) > 0);
            }
        });
    }

    @Test
    void drawsTheSameForTheSameSeedAndAnotherForAnother() {
        Cases.each(random -> {
            List<Example> examples = Cases.examples(random, 3, 0.2);
            long seed = random.nextLong();

            int[] once = Holdout.choose(examples, rows(examples), Task.Kind.CLASSIFICATION, 3, 0.3, new Seed(seed));
            int[] again = Holdout.choose(examples, rows(examples), Task.Kind.CLASSIFICATION, 3, 0.3, new Seed(seed));

            assertThat(again).isEqualTo(once).isSorted().doesNotHaveDuplicates();
        });
        List<Example> examples = Cases.examples(new Seed(5).random(), 3, 0.2);
        assertThat(Holdout.choose(examples, rows(examples), Task.Kind.CLASSIFICATION, 3, 0.3, new Seed(0)))
                .isNotEqualTo(Holdout.choose(examples, rows(examples), Task.Kind.CLASSIFICATION, 3, 0.3, new Seed(1)));
    }

    @Test
    void neverHoldsOutWhatIsUnlabelledOrContradictsItself() {
        List<Example> examples = List.of(
                Example.of("both", 0),
                Example.of("both", 1),
                Example.of("none", -1),
                Example.of("a", 0),
                Example.of("b", 0),
                Example.of("c", 1),
                Example.of("d", 1));

        int[] held = Holdout.choose(examples, rows(examples), Task.Kind.CLASSIFICATION, 2, 0.6, new Seed(3));

        assertThat(held).hasSize(4).containsExactly(3, 4, 5, 6);
    }

    @Test
    void holdsOutTheRoundedShareOfARegression() {
        List<Example> examples = IntStream.range(0, 25)
                .mapToObj(i -> new Example(List.of("text " + i), -1, i))
                .toList();

        assertThat(Holdout.choose(examples, rows(examples), Task.Kind.REGRESSION, 0, 0.1, new Seed(0)))
                .hasSize(3);
    }

    private static int[] rows(List<Example> examples) {
        return IntStream.range(0, examples.size()).toArray();
    }

    private static long count(List<Example> examples, int[] rows, int label) {
        return Arrays.stream(rows)
                .filter(row -> examples.get(row).label() == label)
                .count();
    }

    private static Set<List<String>> texts(List<Example> examples, int[] rows) {
        return new HashSet<>(
                Arrays.stream(rows).mapToObj(row -> examples.get(row).texts()).toList());
    }
}
