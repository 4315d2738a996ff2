// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the package's page, with the losses looked at. */
@SuppressWarnings("try") // a grad mode works by being open
class PackageExampleTest {

    @Test
    void theExampleLearns() {
        List<Double> losses = new ArrayList<>();
        Script script = Script.compile("""
                def loss(self, x: Tensor, w: List[Tensor], y: Tensor) -> Tensor:
                  z = torch.linear(x, w[0], w[1])  # (batch, labels)
                  return torch.cross_entropy_loss(z, y)
                """);
        try (Scope model = Scope.open()) {
            List<Tensor> weights = List.of(
                    model.full(0.1, 3, 4).requireGradient(),
                    model.zeros(DType.F32, 3).requireGradient());
            AdamW adam = AdamW.over(List.of(new AdamW.Group(weights, 0.01)));
            for (int step = 0; step < 10; step++) {
                try (Scope scope = Scope.open();
                        GradMode on = GradMode.enabled()) {
                    Tensor x = scope.floats(new float[] {1, 2, 3, 4, 4, 3, 2, 1}, 2, 4);
                    Tensor y = scope.longs(new long[] {0, 2}, 2);
                    Tensor loss =
                            script.call("loss").with(x).with(weights).with(y).one(scope);
                    losses.add(loss.item());
                    Autograd.backward(loss);
                    adam.step(1e-2, 1);
                }
            }
        }
        assertThat(losses).hasSize(10).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(losses.get(0)).isBetween(1.098, 1.099);
    }
}
