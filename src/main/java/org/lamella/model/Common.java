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

            # y = x W^T + b + (drop(x) A^T B^T) scale, in PEFT's order; pairs holds seven tensors of each linear module: A
            # (R, inputs), B (outputs, R), scale, magnitude (outputs), the A and B it started from, a bias in place of the
            # frozen one (outputs); without elements if none. Pairs are in single precision whatever the weights are in
            def adapted(self, x: Tensor, weight: Tensor, bias: Optional[Tensor], pairs: List[Tensor], module: int, rate: float) -> Tensor:
              return self.told(x, x, weight, bias, pairs, module, rate)

            # x as pairs read it, made once for modules that read the same; x itself where none of them has a pair
            def single(self, x: Tensor, pairs: List[Tensor], first: int, last: int) -> Tensor:
              y = x
              if torch.len(pairs) > 1:
                for module in range(first, last + 1):
                  if torch.numel(pairs[7 * module]) > 0:
                    y = torch.type_as(y, pairs[7 * module])
              return y

            # the same from x and from x as pairs read it
            def told(self, x: Tensor, single: Tensor, weight: Tensor, bias: Optional[Tensor], pairs: List[Tensor], module: int, rate: float) -> Tensor:
              at = 7 * module
              own = self.own(bias, pairs, at)
              y = torch.linear(x, weight, own)
              if torch.len(pairs) > 1:
                if torch.numel(pairs[at]) > 0:
                  base = self.rest_of(y, x, pairs, at)
                  dropped = self.drop(torch.type_as(single, pairs[at]), rate)
                  down = torch.linear(dropped, pairs[at])
                  if torch.numel(pairs[at + 3]) > 0:
                    low = torch.mul(torch.linear(down, pairs[at + 1]), pairs[at + 2])
                    if rate > 0.0:
                      plain = self.rest_of(torch.linear(torch.type_as(dropped, x), weight), dropped, pairs, at)
                    else:
                      plain = self.without(base, own)
                    longer = torch.div(pairs[at + 3], self.lengths(weight, pairs, at))  # (outputs)
                    change = torch.add(torch.mul(torch.sub(longer, 1), plain), torch.mul(longer, low))
                    z = torch.type_as(torch.add(base, change), x)
                  else:
                    # PEFT's order of operations, without a copy for each; where bfloat16 rounds more than the order
                    # does, the scale is put on the few numbers
                    if ops.prim.dtype(base) == ops.prim.dtype(down):
                      low = torch.mul_(torch.linear(down, pairs[at + 1]), pairs[at + 2])
                    else:
                      low = torch.linear(torch.mul(down, pairs[at + 2]), pairs[at + 1])
                    z = torch.type_as(torch.add_(base, low), x)
                else:
                  z = y
              else:
                z = y
              return z

            def own(self, bias: Optional[Tensor], pairs: List[Tensor], at: int) -> Optional[Tensor]:
              b = bias
              if torch.len(pairs) > 1:
                if torch.numel(pairs[at + 6]) > 0:
                  b = pairs[at + 6]
              return b

            def without(self, y: Tensor, bias: Optional[Tensor]) -> Tensor:
              if bias is None:
                z = y
              else:
                z = torch.sub(y, bias)
              return z

            # y without what the pair gave when it started: PiSSA takes it from the weight
            def rest_of(self, y: Tensor, x: Tensor, pairs: List[Tensor], at: int) -> Tensor:
              if torch.numel(pairs[at + 4]) > 0:
                low = torch.linear(torch.linear(torch.type_as(x, pairs[at + 4]), pairs[at + 4]), pairs[at + 5])
                z = torch.sub(y, torch.mul(low, pairs[at + 2]))
              else:
                z = y
              return z

            # the length of each row of the whole weight, a constant to the gradient (DoRA, section 4.3)
            def lengths(self, weight: Tensor, pairs: List[Tensor], at: int) -> Tensor:
              now = torch.matmul(torch.detach(pairs[at + 1]), torch.detach(pairs[at]))
              if torch.numel(pairs[at + 4]) > 0:
                change = torch.sub(now, torch.matmul(pairs[at + 5], pairs[at + 4]))
              else:
                change = now
              return torch.linalg_vector_norm(torch.add(weight, torch.mul(change, pairs[at + 2])), 2, [1])

            # the whole weight that a pair makes of one: what PEFT calls merging
            def merged(self, weight: Tensor, pairs: List[Tensor], module: int) -> Tensor:
              at = 7 * module
              now = torch.matmul(pairs[at + 1], pairs[at])
              if torch.numel(pairs[at + 4]) > 0:
                change = torch.sub(now, torch.matmul(pairs[at + 5], pairs[at + 4]))
              else:
                change = now
              whole = torch.add(weight, torch.mul(change, pairs[at + 2]))
              if torch.numel(pairs[at + 3]) > 0:
                longer = torch.div(pairs[at + 3], torch.linalg_vector_norm(whole, 2, [1]))
                z = torch.mul(whole, torch.unsqueeze(longer, 1))
              else:
                z = whole
              return torch.type_as(z, weight)

            def quick_gelu(self, x: Tensor) -> Tensor:
              return torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))

            def copy(self, x: Tensor) -> Tensor:
              return torch.clone(x)

            # a table with one more row, the mean of the others
            def longer(self, x: Tensor) -> Tensor:
              return torch.cat([x, torch.mean(x, [0], True)], 0)

            def size(self, x: Tensor) -> Tensor:
              return torch.linalg_vector_norm(x)

            def pick(self, x: Tensor, rows: Tensor) -> Tensor:
              return torch.index_select(x, 0, rows)

            def below_each_other(self, x: List[Tensor]) -> Tensor:
              return torch.cat(x, 0)

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
