// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdamWTest {

    private static final Script SCRIPT = Script.compile("""
            def loss(self, w: Tensor, g: Tensor) -> Tensor:
              return torch.sum(torch.mul(w, g))
            """);

    @Test
    void firstStepOfATinyGradientIsThatOfTorch() {
        try (Scope scope = Scope.open()) {
            Tensor w = scope.full(1, 1).requireGradient();
            try (AdamW adam = AdamW.over(List.of(new AdamW.Group(List.of(w), 0)))) {
                try (GradMode on = GradMode.enabled()) {
                    Autograd.backward(SCRIPT.call("loss")
                            .with(w)
                            .with(scope.full(1e-6, 1))
                            .one(scope));
                }
                assertThat(adam.gradientNorm()).isCloseTo(1e-6, within(1e-12));
                assertThat(adam.step(0.1, 0)).isCloseTo(1e-6, within(1e-12));
                assertThat(w.item()).isCloseTo(1 - 0.1 * 1e-6 / (1e-6 + 1e-8), within(1e-6));
                assertThat(w.gradient(scope).item()).isZero();
            }
        }
    }
}
