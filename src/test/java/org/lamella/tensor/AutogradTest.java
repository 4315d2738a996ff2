// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // a grad mode works by being open
class AutogradTest {

    private static final Script SCRIPT = Script.compile("""
            def squares(self, x: Tensor) -> Tensor:
              return torch.sum(x * x)
            def product(self, x: Tensor, y: Tensor) -> Tensor:
              return x * y
            def through(self, x: Tensor, dtype: int) -> Tensor:
              return torch.sum(torch.to(torch.to(x, dtype), 6))
            """);

    private final Scope scope = Scope.open();

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor leaf(float... values) {
        return scope.floats(values, values.length).requireGradient();
    }

    private Tensor squares(Tensor x) {
        try (GradMode on = GradMode.enabled()) {
            return SCRIPT.call("squares").with(x).one(scope);
        }
    }

    @Test
    void gradientsAddUpUntilTheyAreZeroed() {
        Tensor x = leaf(1, 2, 3);
        assertThat(x.gradient(scope).floats()).containsExactly(0, 0, 0);

        Autograd.backward(squares(x));
        assertThat(x.gradient(scope).floats()).containsExactly(2, 4, 6);
        Autograd.backward(squares(x));
        assertThat(x.gradient(scope).floats()).containsExactly(4, 8, 12);
        x.zeroGradient();
        assertThat(x.gradient(scope).floats()).containsExactly(0, 0, 0);
    }

    @Test
    void zeroingTakesNotANumberAway() {
        Tensor x = leaf(Float.NaN);
        Autograd.backward(squares(x));
        assertThat(x.gradient(scope).item()).isNaN();

        x.zeroGradient();
        assertThat(x.gradient(scope).item()).isZero();
    }

    @Test
    void aGradientIsOneTensorOfItsOwner() {
        Tensor x = leaf(1);
        Autograd.backward(squares(x));
        try (Scope step = Scope.open()) {
            for (int i = 0; i < 5; i++) {
                x.gradient(step);
            }
            assertThat(step.live()).isEqualTo(5);
        }
        assertThat(scope.live()).isEqualTo(2);
    }

    @Test
    void anUpstreamGradientMayBeGiven() {
        Tensor x = leaf(1, 2);
        Tensor y = scope.floats(new float[] {10, 20}, 2);
        Tensor output;
        try (GradMode on = GradMode.enabled()) {
            output = SCRIPT.call("product").with(x).with(y).one(scope);
        }
        Autograd.backward(output, scope.floats(new float[] {1, -1}, 2));

        assertThat(x.gradient(scope).floats()).containsExactly(10, -20);
        assertThat(y.gradient(scope).floats()).containsExactly(0, 0);
    }

    @Test
    void theGraphOutlivesTheTensorsInBetween() {
        Tensor x = leaf(3);
        Tensor loss;
        try (Scope inner = Scope.open();
                GradMode on = GradMode.enabled()) {
            Tensor constant = inner.full(5, 1);
            Tensor y = SCRIPT.call("product").with(x).with(constant).one(inner);
            loss = SCRIPT.call("squares").with(y).one(scope);
        }
        System.gc();
        Autograd.backward(loss);

        assertThat(x.gradient(scope).item()).isEqualTo(2 * 15 * 5);
    }

    @Test
    void castsOfAScriptKeepTheGradient() {
        for (DType dtype : List.of(DType.F64, DType.BF16, DType.F16)) {
            Tensor x = leaf(1);
            try (GradMode on = GradMode.enabled()) {
                Autograd.backward(
                        SCRIPT.call("through").with(x).with(dtype.code()).one(scope));
            }
            assertThat(x.gradient(scope).item()).isEqualTo(1);
        }
    }

    @Test
    void whatCannotGoBackSaysWhy() {
        Tensor x = leaf(1, 2);
        Tensor detached = SCRIPT.call("squares").with(x).one(scope);
        Tensor loss = squares(x);
        Autograd.backward(loss);

        assertThatThrownBy(() -> Autograd.backward(x)).hasMessage("loss must have one element; got F32 (2)");
        assertThatThrownBy(() -> Autograd.backward(detached))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "output must be computed with grad mode on from a leaf that requires a gradient, "
                                + "and go back once; got F32 (); libtorch says: element 0 of tensors does not require grad");
        assertThatThrownBy(() -> Autograd.backward(loss))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("backward through the graph a second time");
        assertThatThrownBy(() -> Autograd.backward(loss, x))
                .hasMessage("upstream must have the shape of F32 (); got F32 (2)");
    }

    @Test
    void gradModeIsOffUntilEnabledInEveryThread() {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Tensor x = leaf(1);
            try (GradMode on = GradMode.enabled()) {
                Tensor there = CompletableFuture.supplyAsync(
                                () -> SCRIPT.call("squares").with(x).one(scope), other)
                        .join();
                assertThatThrownBy(() -> Autograd.backward(there)).isInstanceOf(IllegalStateException.class);
                Autograd.backward(SCRIPT.call("squares").with(x).one(scope));
            }
            assertThat(x.gradient(scope).item()).isEqualTo(2);
        } finally {
            other.shutdown();
        }
    }

    @Test
    void gradModesNest() {
        Tensor x = leaf(1);
        try (GradMode on = GradMode.enabled()) {
            Tensor loss;
            try (GradMode off = GradMode.disabled()) {
                loss = SCRIPT.call("squares").with(x).one(scope);
            }
            assertThatThrownBy(() -> Autograd.backward(loss)).isInstanceOf(IllegalStateException.class);
            Autograd.backward(SCRIPT.call("squares").with(x).one(scope));
        }
        assertThat(x.gradient(scope).item()).isEqualTo(2);
    }

    @Test
    void aGradModeBelongsToItsThread() {
        GradMode on = GradMode.enabled();
        CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(on::close);

        assertThatThrownBy(elsewhere::join).hasMessageContaining("grad mode must be closed in the thread ");
        on.close();
    }
}
