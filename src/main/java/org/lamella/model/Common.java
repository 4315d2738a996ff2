// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/** The TorchScript functions that every architecture shares: dropout, a linear module with its pair, reading, losses. */
final class Common {

    static final String SCRIPT = """
            def drop(self, x: Tensor, rate: float) -> Tensor:
              if rate > 0.0:
                y = torch.dropout(x, rate, True)
              else:
                y = x
              return y

            # y = x W^T + b + (drop(x) A^T B^T) scale, in PEFT's order; pairs holds A, B, scale of each linear module
            def adapted(self, x: Tensor, weight: Tensor, bias: Tensor, pairs: List[Tensor], module: int, rate: float) -> Tensor:
              y = torch.linear(x, weight, bias)
              if torch.len(pairs) > 1:
                down = pairs[3 * module]  # (R, inputs)
                if torch.numel(down) > 0:
                  low = torch.linear(torch.linear(self.drop(x, rate), down), pairs[3 * module + 1])
                  z = torch.add(y, torch.mul(low, pairs[3 * module + 2]))
                else:
                  z = y
              else:
                z = y
              return z

            def pick(self, x: Tensor, rows: Tensor) -> Tensor:
              return torch.index_select(x, 0, rows)

            # the mean over the tokens of each example: owner (N) names the example of a token
            def mean(self, x: Tensor, owner: Tensor, lengths: Tensor) -> Tensor:
              B = torch.size(lengths, 0)
              s = torch.index_add(torch.new_zeros(x, [B, torch.size(x, 1)]), 0, owner, x)
              return torch.div(s, torch.unsqueeze(lengths, 1))

            def cross_entropy(self, z: Tensor, labels: Tensor) -> Tensor:
              return torch.cross_entropy_loss(z, labels, None, 2)

            def squared_error(self, z: Tensor, targets: Tensor) -> Tensor:
              return torch.mse_loss(torch.squeeze(z, 1), targets, 2)

            def leaf(self, w: Tensor) -> Tensor:
              return torch.detach(w)

            def scaled(self, loss: Tensor, factor: float) -> Tensor:
              return torch.mul(loss, factor)
            """;

    private Common() {}
}
