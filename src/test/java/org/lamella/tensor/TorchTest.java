// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TorchTest {

    private static final Script RANDOM = Script.compile("""
            def normal(self, x: Tensor) -> Tensor:
              return torch.randn_like(x)
            """);

    @Test
    void namesItsVersions() {
        assertThat(Torch.version())
                .isEqualTo("libtorch 2.7.1 (DJL 0.35.1, " + Device.best().type() + ")");
    }

    @Test
    void staysOffTheNetwork() {
        Torch.start();
        Torch.start();

        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
        assertThat(System.getProperty("RUST_FLAVOR")).isEqualTo("cpu");
    }

    @Test
    void seedsGiveTheNumbersOfPython() {
        try (Scope scope = Scope.open()) {
            Tensor one = scope.zeros(DType.F32, 1);
            Torch.seed(42);
            double first = RANDOM.call("normal").with(one).one(scope).item();
            double second = RANDOM.call("normal").with(one).one(scope).item();
            Torch.seed(42);

            assertThat(first).isCloseTo(0.33669, within(5e-6));
            assertThat(second).isNotEqualTo(first);
            assertThat(RANDOM.call("normal").with(one).one(scope).item()).isEqualTo(first);
        }
    }

    @Test
    void threadsCanBeSet() {
        int before = Torch.threads();
        try {
            Torch.threads(1);
            assertThat(Torch.threads()).isEqualTo(1);
        } finally {
            Torch.threads(before);
        }
        assertThatThrownBy(() -> Torch.threads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1; got 0");
    }

    @Test
    void manyThreadsMayStartAtOnceAndUseOneWeight() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (Scope shared = Scope.open()) {
            Tensor weight = shared.full(3, 2);
            Script script = Script.compile("""
                    def sum(self, a: List[Tensor], b: List[Tensor]) -> Tensor:
                      return torch.sum(a[0] * b[0])
                    """);
            var all = java.util.stream.IntStream.range(0, 200)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> {
                                try (Scope step = Scope.open()) {
                                    Tensor x = step.full(i, 2);
                                    // the weight is in the first list of one call and in the second of another
                                    var pair = i % 2 == 0 ? new Tensor[] {x, weight} : new Tensor[] {weight, x};
                                    return script.call("sum")
                                            .with(java.util.List.of(pair[0]))
                                            .with(java.util.List.of(pair[1]))
                                            .one(step)
                                            .item();
                                }
                            },
                            pool))
                    .toList();
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).join()).isEqualTo(6.0 * i);
            }
        } finally {
            pool.shutdown();
        }
    }
}
