// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.List;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/**
 * The form in which a pair with a start travels: one pair of twice the rank, A' = [A; A₀] and B' = [B, -B₀], over the
 * base model as it is. This is what PEFT calls the conversion of PiSSA to LoRA, and every version of it reads the result.
 */
final class Portable {

    private static final Script SCRIPT = Script.compile("""
            def down(self, a: Tensor, start: Tensor) -> Tensor:
              return torch.cat([a, start], 0)
            def up(self, b: Tensor, start: Tensor) -> Tensor:
              return torch.cat([b, torch.neg(start)], 1)
            def divide(self, a: Tensor, b: Tensor, r: int) -> List[Tensor]:
              return [torch.clone(torch.slice(a, 0, 0, r)), torch.clone(torch.slice(b, 1, 0, r)), torch.clone(torch.slice(a, 0, r)), torch.neg(torch.slice(b, 1, r))]
            """);

    private Portable() {}

    /** Returns a pair that computes the same without a start; one that has none is returned as it is. */
    static Pair joined(Pair pair, Scope owner) {
        if (pair.start().isEmpty()) {
            return pair;
        }
        Pair.Start start = pair.start().get();
        try (GradMode off = GradMode.disabled()) {
            Pair joined = Pair.of(
                    SCRIPT.call("down").with(pair.down()).with(start.down()).one(owner),
                    SCRIPT.call("up").with(pair.up()).with(start.up()).one(owner),
                    pair.alpha() * factor(pair),
                    pair.rankStabilised(),
                    owner);
            Pair whole = pair.magnitude().map(joined::magnitude).orElse(joined);
            return pair.bias().map(whole::bias).orElse(whole);
        }
    }

    /** Returns the pair with its start that {@link #joined} made a portable one of. */
    static Pair divided(Pair joined, Scope owner) {
        List<Tensor> parts = SCRIPT.call("divide")
                .with(joined.down())
                .with(joined.up())
                .with(joined.rank() / 2L)
                .many(owner);
        double alpha = joined.alpha() / factor(joined);
        return Pair.of(parts.get(0), parts.get(1), alpha, joined.rankStabilised(), owner)
                .start(new Pair.Start(parts.get(2), parts.get(3)));
    }

    // twice the rank leaves the scale as it is when alpha grows alike
    private static double factor(Pair pair) {
        return pair.rankStabilised() ? Math.sqrt(2) : 2;
    }
}
