// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.List;
import org.lamella.tensor.DType;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/**
 * The trained numbers as they were when the loss was last finite: what a training that diverges goes back to. A copy of
 * the adapter, made anew before each step, some microseconds each.
 */
final class LastGood implements AutoCloseable {

    private static final class Compiled {
        static final Script SCRIPT = Script.compile("""
                def copy(self, to: List[Tensor], x: List[Tensor]) -> Tensor:
                  torch._foreach_copy_(to, x)
                  return to[0]
                def largest(self, x: List[Tensor], order: float) -> Tensor:
                  return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(x, order)), order)
                """);
    }

    private final Scope scope = Scope.open();
    private final List<Tensor> trained;
    private final List<Tensor> kept;
    private int steps;

    /** Starts with the numbers as they are, before any step. */
    LastGood(List<Tensor> trained) {
        this.trained = trained;
        kept = trained.stream()
                .map(tensor -> scope.zeros(DType.F32, tensor.shape()))
                .toList();
        keep(0);
    }

    /** Remembers the numbers, which that many optimizer steps have made and which gave a finite loss. */
    void keep(int optimizerSteps) {
        copy(kept, trained);
        steps = optimizerSteps;
    }

    /** Puts the remembered numbers back and returns how many optimizer steps they have seen. */
    int restore() {
        copy(trained, kept);
        return steps;
    }

    private static void copy(List<Tensor> to, List<Tensor> from) {
        try (GradMode off = GradMode.disabled()) {
            Compiled.SCRIPT.call("copy").with(to).with(from).run();
        }
    }

    /** Returns whether every trained number is finite. */
    boolean finite() {
        return finite(trained);
    }

    /** Returns whether every number of some tensors is finite. */
    static boolean finite(List<Tensor> tensors) {
        try (Scope scratch = Scope.open();
                GradMode off = GradMode.disabled()) {
            return Double.isFinite(Compiled.SCRIPT
                    .call("largest")
                    .with(tensors)
                    .with(Double.POSITIVE_INFINITY)
                    .one(scratch)
                    .item());
        }
    }

    /** Frees the copy. */
    @Override
    public void close() {
        scope.close();
    }
}
