// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {

    private static final Script SCRIPT = Script.compile("""
            def twice(self, x: Tensor) -> Tensor:
              return x + x
            def linear(self, x: Tensor, w: List[Tensor]) -> Tensor:
              return torch.linear(x, w[0], w[1])
            def size(self, x: Tensor, w: List[Tensor]) -> Tensor:
              if torch.gt(torch.numel(w[0]), 0):
                y = torch.matmul(x, w[0])
              else:
                y = self.twice(x)
              return y
            def both(self, x: Tensor) -> Tuple[Tensor, List[Tensor]]:
              return (x, [torch.neg(x), torch.abs(x)])
            """);

    @Test
    void runsAMethodAndGivesTheResultToTheOwner() {
        long before = Torch.liveTensors();
        try (Scope step = Scope.open();
                Scope owner = Scope.open()) {
            Tensor x = step.floats(new float[] {1, 2, 3, 4}, 2, 2);
            Tensor y = SCRIPT.call("twice").with(x).one(owner);
            assertThat(y.floats()).containsExactly(2, 4, 6, 8);
            assertThat(owner.live()).isEqualTo(1);
            assertThat(SCRIPT.call("size").with(x).with(List.of()).one(owner).floats())
                    .containsExactly(2, 4, 6, 8);
            assertThat(SCRIPT.call("size").with(x).with(List.of(x)).one(owner).floats())
                    .containsExactly(7, 10, 15, 22);
            assertThat(SCRIPT.call("both").with(x).many(owner)).hasSize(3);
            assertThat(x).hasToString("F32 (2, 2)");
        }
        assertThat(Torch.liveTensors() - before).isBetween(0L, 1L);
    }
}
