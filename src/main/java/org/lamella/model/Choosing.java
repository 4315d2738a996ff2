// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/** How the next token of each text is chosen from the logits of all words. */
final class Choosing {

    // z (B, V) logits, u (B) of [0, 1)
    private static final Script SCRIPT = Script.compile("""
            # tokens (B); -1 where a logit is not finite
            def told(self, tokens: Tensor, z: Tensor) -> Tensor:
              return torch.where(torch.isfinite(torch.sum(z, [1])), tokens, torch.full_like(tokens, -1))

            def best(self, z: Tensor) -> Tensor:
              return self.told(torch.argmax(z, 1), z)

            # the token at which the probability of the likelier ones and itself first exceeds u; of the k likeliest, those
            # before which less than p has been seen, as Hugging Face keeps them
            def drawn(self, z: Tensor, u: Tensor, temperature: float, k: int, p: float) -> Tensor:
              s, order, = torch.sort(torch.to(z, 7), stable=True, dim=1, descending=True)
              below = torch.sub(s, torch.slice(s, 1, 0, 1)) # 0 for the likeliest, which no temperature makes overflow
              q = torch.softmax(torch.div(torch.slice(below, 1, 0, k), temperature), 1)
              likelier = torch.sub(torch.cumsum(q, 1), q)
              kept = torch.mul(q, torch.type_as(torch.lt(likelier, p), q))
              seen = torch.cumsum(kept, 1)
              target = torch.mul(torch.unsqueeze(u, 1), torch.slice(seen, 1, -1))
              place = torch.sum(torch.to(torch.le(seen, target), 4), [1], True)
              return self.told(torch.squeeze(torch.gather(order, 1, place), 1), z)
            """);

    private final Generation generation;

    Choosing(Generation generation) {
        this.generation = generation;
    }

    /** Returns the next token of each text. */
    long[] of(Tensor logits, List<Draft> drafts) {
        try (Scope step = Scope.open()) {
            long[] tokens = chosen(logits, drafts, step).longs();
            for (int b = 0; b < tokens.length; b++) {
                if (tokens[b] < 0) {
                    throw new IllegalStateException("logits must be finite to choose a token; got others after "
                            + drafts.get(b).length() + " tokens");
                }
            }
            return tokens;
        }
    }

    private Tensor chosen(Tensor logits, List<Draft> drafts, Scope step) {
        if (generation.sampling().isEmpty()) {
            return SCRIPT.call("best").with(logits).one(step);
        }
        Generation.Sampling sampling = generation.sampling().get();
        double[] draws = drafts.stream().mapToDouble(Draft::draw).toArray();
        long words = logits.size(1);
        return SCRIPT.call("drawn")
                .with(logits)
                .with(step.doubles(draws, draws.length))
                .with(sampling.temperature())
                .with(sampling.topK() == 0 ? words : Math.min(words, sampling.topK()))
                .with(sampling.topP())
                .one(step);
    }
}
