// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.Choice;
import org.lamella.base.Clusters;
import org.lamella.base.Sample;

/** Planted curves: what the rule must find is known. */
final class RuleTest {

    private static final Sample SAMPLE = new Sample() {
        @Override
        public String name() {
            return "validation";
        }

        @Override
        public boolean overlaps(Sample other) {
            return other == this;
        }
    };

    private static Map<Integer, double[]> curve(double... means) {
        SplittableRandom random = new SplittableRandom(2);
        double[] own = random.doubles(400, 0, 2).toArray(); // how hard each example is, whatever the boundary
        Map<Integer, double[]> losses = new HashMap<>();
        for (int b = 0; b < means.length; b++) {
            double[] noisy = new double[own.length];
            for (int i = 0; i < own.length; i++) {
                noisy[i] = means[b] + own[i] + 0.05 * random.nextGaussian();
            }
            losses.put(b, noisy);
        }
        return losses;
    }

    private static Choice choose(Map<Integer, double[]> losses, int depth, Sample sample) {
        int examples = losses.values().iterator().next().length;
        return Rule.choose(losses, depth, Clusters.single(examples), sample);
    }

    @Test
    void findsTheCutWhereTheUpperLayersDoHarm() {
        Choice choice = choose(curve(1.5, 0.9, 0.4, 0.2, 0.5, 0.6, 0.7), 6, SAMPLE);

        assertThat(choice.value()).isEqualTo(3);
        assertThat(choice.toString())
                .isEqualTo("3 (the largest boundary within one standard error of the lowest loss, and better than"
                        + " keeping all layers by a 90 % interval on validation)");
    }

    @Test
    void keepsEverythingWhenEveryLayerHelps() {
        Choice choice = choose(curve(1.5, 0.9, 0.6, 0.4, 0.3, 0.2, 0.1), 6, SAMPLE);

        assertThat(choice.value()).isEqualTo(6);
        assertThat(choice.rule()).isEqualTo("no boundary: keeping all layers has the lowest loss");
    }

    @Test
    void ofEquallyGoodBoundariesTakesTheLargest() {
        Map<Integer, double[]> losses = curve(1.5, 0.9, 0.2, 0.2, 0.9, 0.9, 0.9);
        losses.put(3, losses.getOrDefault(2, new double[0]).clone());

        assertThat(choose(losses, 6, SAMPLE).value()).isEqualTo(3);
    }

    @Test
    void keepsEverythingWhenThatIsAsGoodAsTheBest() {
        Map<Integer, double[]> losses = curve(1.5, 0.9, 0.2, 0.9, 0.9, 0.9, 0.2);
        double[] whole = losses.getOrDefault(2, new double[0]).clone();
        whole[0] += 0.001;
        losses.put(6, whole);

        assertThat(choose(losses, 6, SAMPLE).rule())
                .isEqualTo("no boundary: keeping all layers is within one standard error of the lowest loss");
    }

    @Test
    void aDifferenceThatMayBeLuckIsNoBoundary() {
        Map<Integer, double[]> losses = curve(1.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9);
        // one example makes boundary 3 better by a little more than one standard error: not enough for the interval
        double[] whole = losses.getOrDefault(6, new double[0]);
        double[] cut = whole.clone();
        for (int i = 0; i < cut.length; i++) {
            cut[i] += (i % 2 == 0 ? 1 : -1) * 1.0;
        }
        for (int i = 0; i < 24; i++) {
            cut[2 * i] -= 1.2;
        }
        losses.keySet().removeIf(b -> b > 0 && b < 6 && b != 3);
        losses.put(3, cut);

        Choice choice = choose(losses, 6, SAMPLE);

        assertThat(choice.value()).isEqualTo(6);
        assertThat(choice.rule()).isEqualTo("no boundary: no cut beats keeping all layers by a 90 % interval");
    }

    @Test
    void boundariesLeftOutBecauseTheyKeepTheSameAreNoProblem() {
        Map<Integer, double[]> losses = curve(1.5, 0.3, 0.5);
        Choice choice = choose(losses, 6, SAMPLE);
        Choice whole = choose(curve(1.5, 0.9, 0.5), 6, SAMPLE);

        assertThat(choice.value()).isEqualTo(1);
        assertThat(whole.value()).isEqualTo(6);
    }

    @Test
    void examplesWrittenTwiceMakeNoBoundarySurer() {
        Map<Integer, double[]> losses = curve(1.0, 0.3, 0.31, 0.305, 0.302, 0.304, 0.303);
        Map<Integer, double[]> twice = new HashMap<>();
        losses.forEach((b, each) -> twice.put(
                b, Arrays.stream(each).flatMap(x -> DoubleStream.of(x, x)).toArray()));
        List<Integer> prompts = IntStream.range(0, 800).mapToObj(i -> i / 2).toList();

        assertThat(Rule.choose(twice, 6, Clusters.of(prompts), SAMPLE)).isEqualTo(choose(losses, 6, SAMPLE));
    }

    @Test
    void sevenPromptsAreTooFewHoweverManyAnswersTheyHave() {
        Map<Integer, double[]> losses = curve(0.2, 0.9);
        List<Integer> prompts = IntStream.range(0, 400).mapToObj(i -> i % 7).toList();

        assertThat(Rule.choose(losses, 1, Clusters.of(prompts), SAMPLE).rule())
                .isEqualTo("no boundary: 7 prompts are too few to tell, at least 8");
    }
}
