// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // a grad mode works by being open
class AdamWTest {

    private static final Script SCRIPT = Script.compile("""
            def product(self, w: Tensor, g: Tensor) -> Tensor:
              return torch.sum(torch.mul(w, g))
            def loss(self, a: Tensor, b: Tensor, factor: float) -> Tensor:
              return torch.sum(a * a) * factor + torch.sum(torch.sin(b * 3))
            """);

    private final Scope scope = Scope.open();

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor leaf(float... values) {
        return scope.floats(values, values.length).requireGradient();
    }

    private void giveGradient(Tensor parameter, float... gradient) {
        try (GradMode on = GradMode.enabled()) {
            Autograd.backward(SCRIPT.call("product")
                    .with(parameter)
                    .with(scope.floats(gradient, gradient.length))
                    .one(scope));
        }
    }

    private static Tensor state(AdamW adam, String name) {
        return Objects.requireNonNull(adam.state().get(name), name);
    }

    private static AdamW plain(Tensor... parameters) {
        return AdamW.over(List.of(new AdamW.Group(List.of(parameters), 0)));
    }

    /**
     * The numbers are those of torch 2.7.1: {@code torch.optim.AdamW([dict(params=[a], weight_decay=0.1),
     * dict(params=[b, c], weight_decay=0.)], fused=True)} with {@code clip_grad_norm_([a, b], 5.0)} before each step.
     */
    @Test
    void fourClippedStepsOfTwoGroupsAreThoseOfTorch() {
        Tensor a = leaf(1, -2, 3, 0.5f);
        Tensor b = scope.floats(new float[] {0.25f, -0.75f, 1.5f, 2}, 2, 2).requireGradient();
        Tensor c = leaf(7);
        double[] rates = {1e-2, 5e-3, 2e-2, 1e-2};
        double[] norms = {8.606218338012695, 15.565692901611328, 22.829557418823242, 29.88639259338379};
        try (AdamW adam = AdamW.over(List.of(new AdamW.Group(List.of(a), 0.1), new AdamW.Group(List.of(b, c), 0)))) {
            for (int step = 0; step < 4; step++) {
                try (GradMode on = GradMode.enabled()) {
                    Autograd.backward(SCRIPT.call("loss")
                            .with(a)
                            .with(b)
                            .with((double) (step + 1))
                            .one(scope));
                }
                assertThat(adam.gradientNorm()).isCloseTo(norms[step], within(1e-5));
                assertThat(adam.step(rates[step], 5)).isCloseTo(norms[step], within(1e-5));
            }
        }
        assertThat(a.floats())
                .containsExactly(new float[] {0.95048857f, -1.945988f, 2.9414928f, 0.4527526f}, within(2e-7f));
        assertThat(b.floats())
                .containsExactly(new float[] {0.20861723f, -0.70927626f, 1.5395226f, 1.9589784f}, within(2e-7f));
        assertThat(c.item()).isEqualTo(7);
    }

    @Test
    void theFirstStepOfATinyGradientAddsEpsilonAfterTheCorrection() {
        Tensor w = leaf(1);
        AdamW adam = plain(w);
        giveGradient(w, 1e-6f);
        adam.step(0.1, 0);

        assertThat(w.item()).isCloseTo(1 - 0.1 * 1e-6 / (1e-6 + 1e-8), within(1e-6));
    }

    @Test
    void weightDecayShrinksBeforeTheUpdate() {
        Tensor w = leaf(2);
        AdamW adam = AdamW.over(List.of(new AdamW.Group(List.of(w), 0.5)));
        giveGradient(w, 1);
        adam.step(0.1, 0);

        assertThat(w.item()).isCloseTo(2 * (1 - 0.1 * 0.5) - 0.1, within(1e-6));
    }

    @Test
    void aStepZeroesTheGradientsAndMeasuringThemDoesNot() {
        Tensor w = leaf(1, 1);
        AdamW adam = plain(w);
        giveGradient(w, 3, 4);

        assertThat(adam.gradientNorm()).isEqualTo(5);
        assertThat(w.gradient(scope).floats()).containsExactly(3, 4);
        assertThat(adam.step(0.1, Double.POSITIVE_INFINITY)).isEqualTo(5);
        assertThat(w.gradient(scope).floats()).containsExactly(0, 0);
    }

    @Test
    void clippingScalesAllGradientsTogether() {
        Tensor w = leaf(0);
        Tensor v = leaf(0);
        AdamW adam = plain(w, v);
        giveGradient(w, 30);
        giveGradient(v, 40);
        assertThat(adam.step(0.1, 5)).isEqualTo(50);

        assertThat(adam.state().keySet())
                .containsExactly("0.first", "0.second", "0.steps", "1.first", "1.second", "1.steps");
        assertThat(state(adam, "0.first").item()).isCloseTo(0.1 * 3, within(1e-6));
        assertThat(state(adam, "1.first").item()).isCloseTo(0.1 * 4, within(1e-6));
        assertThat(state(adam, "1.steps").item()).isEqualTo(1);
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothingButItself() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Tensor w = leaf(1, 2);
            AdamW adam = AdamW.over(List.of(new AdamW.Group(List.of(w), 0.1)));
            giveGradient(w, 1, bad);

            assertThat(adam.step(0.1, 1)).isNotFinite();
            assertThat(w.floats()).containsExactly(1, 2);
            assertThat(w.gradient(scope).floats()).containsExactly(0, 0);
            assertThat(state(adam, "0.first").floats()).containsExactly(0, 0);
            assertThat(state(adam, "0.steps").item()).isZero();
        }
    }

    @Test
    void aParameterWithoutAGradientIsLeftAlone() {
        Tensor reached = leaf(1);
        Tensor never = leaf(1);
        AdamW adam = AdamW.over(List.of(new AdamW.Group(List.of(never, reached), 0.5)));
        assertThat(adam.gradientNorm()).isZero();
        assertThat(adam.step(0.1, 1)).isZero();
        giveGradient(reached, 1);
        adam.step(0.1, 1);

        assertThat(never.item()).isEqualTo(1);
        assertThat(reached.item()).isLessThan(1);
    }

    @Test
    void noParametersAreNoWork() {
        AdamW adam = AdamW.over(List.of(new AdamW.Group(List.of(), 0.1)));

        assertThat(adam.step(0.1, 1)).isZero();
        assertThat(AdamW.over(List.of()).gradientNorm()).isZero();
    }

    @Test
    void aRestoredStateGoesOnAsBefore() {
        Tensor w = leaf(1, -1);
        AdamW adam = plain(w);
        giveGradient(w, 1, 2);
        adam.step(0.1, 0);
        Tensor again = leaf(w.floats());
        AdamW restored = plain(again);
        restored.restore(adam.state());
        for (AdamW each : List.of(adam, restored)) {
            giveGradient(each == adam ? w : again, -0.5f, 0.1f);
            each.step(0.1, 0);
        }

        assertThat(again.floats()).containsExactly(w.floats());
        assertThatThrownBy(() -> plain(leaf(1, 2, 3)).restore(adam.state()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("state 0.first must be F32 (3); got F32 (2)");
        assertThatThrownBy(() -> plain(w, again).restore(adam.state()))
                .hasMessageStartingWith("state must hold 6 tensors of this optimizer's names; got [0.first, ");
    }

    @Test
    void closingFreesTheMomentsAndNotTheParameters() {
        Tensor w = leaf(1);
        AdamW adam = plain(w);
        Tensor first = state(adam, "0.first");
        adam.close();

        assertThat(first.closed()).isTrue();
        assertThat(w.item()).isEqualTo(1);
        giveGradient(w, 1);
        assertThatThrownBy(() -> adam.step(0.1, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor must be open; it or its scope was closed");
    }

    @Test
    void wrongSettingsAreRefused() {
        assertThatThrownBy(() -> plain(scope.full(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter must require a gradient; got F32 (1)");
        assertThatThrownBy(() -> new AdamW.Group(List.of(), -0.1))
                .hasMessage("weightDecay must be at least 0; got -0.1");
        assertThatThrownBy(() -> AdamW.over(List.of(), 1, 0.999, 1e-8))
                .hasMessage("betas must lie in [0, 1); got 1.0 and 0.999");
        assertThatThrownBy(() -> AdamW.over(List.of(), 0.9, 0.999, -1))
                .hasMessage("epsilon must be at least 0; got -1.0");
        assertThatThrownBy(() -> plain(leaf(1)).step(Double.NaN, 0))
                .hasMessage("learningRate must be a finite number of at least 0; got NaN");
    }
}
