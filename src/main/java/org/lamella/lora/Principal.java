// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.List;
import java.util.SplittableRandom;
import org.lamella.base.Seed;
import org.lamella.tensor.DType;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/**
 * The start of PiSSA (Meng et al. 2024, arXiv 2404.02948, section 3): A₀ = √(Σ/s) Vᵀ and B₀ = U √(Σ/s) of the R largest
 * singular values of a weight, so that s B₀ A₀ is its best approximation of rank R. Their signs are of no consequence.
 */
final class Principal {

    private static final Script SCRIPT = Script.compile("""
            # w (outputs, inputs) -> A (R, inputs), B (outputs, R)
            def exact(self, w: Tensor, rank: int, scale: float) -> List[Tensor]:
              u, s, v = torch.linalg_svd(w, False)
              root = torch.sqrt(torch.div(torch.slice(s, 0, 0, rank), scale))
              return [torch.mul(torch.unsqueeze(root, 1), torch.slice(v, 0, 0, rank)), torch.mul(torch.slice(u, 1, 0, rank), root)]

            # Halko et al. 2011, algorithm 4.4: g (inputs, R) is random, its image turned towards the largest singular values
            def randomised(self, w: Tensor, g: Tensor, iterations: int, scale: float) -> List[Tensor]:
              q, r = torch.linalg_qr(torch.matmul(w, g))
              for i in range(iterations):
                q1, r1 = torch.linalg_qr(torch.matmul(torch.t(w), q))
                q, r = torch.linalg_qr(torch.matmul(w, q1))
              u, s, v = torch.linalg_svd(torch.matmul(torch.t(q), w), False)
              root = torch.sqrt(torch.div(s, scale))
              return [torch.mul(torch.unsqueeze(root, 1), v), torch.mul(torch.matmul(q, u), root)]
            """);

    private Principal() {}

    /**
     * Returns where the pair of a weight starts, in single precision whatever the weight is in.
     *
     * @param iterations of the randomised decomposition, whose random numbers the seed gives; 0 decomposes exactly
     */
    static Pair.Start of(Tensor weight, int rank, double scale, int iterations, Seed seed, Scope owner) {
        int most = (int) Math.min(weight.size(0), weight.size(1));
        if (rank > most) {
            throw new IllegalArgumentException(
                    "rank must be at most " + most + ", the singular values of the weight, for PiSSA; got " + rank);
        }
        try (GradMode off = GradMode.disabled();
                Scope scratch = Scope.open()) {
            Tensor single = weight.dtype() == DType.F32 ? weight : weight.to(DType.F32, scratch);
            Script.Call call = iterations == 0
                    ? SCRIPT.call("exact").with(single).with((long) rank)
                    : SCRIPT.call("randomised")
                            .with(single)
                            .with(normal(seed, weight.size(1), rank, scratch))
                            .with((long) iterations);
            List<Tensor> found = call.with(scale).many(owner);
            return new Pair.Start(found.get(0), found.get(1));
        }
    }

    private static Tensor normal(Seed seed, long rows, int columns, Scope owner) {
        SplittableRandom random = seed.random();
        float[] values = new float[Math.toIntExact(rows * columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return owner.floats(values, rows, columns);
    }
}
