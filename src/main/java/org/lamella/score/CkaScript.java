// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import org.lamella.tensor.Script;

/**
 * The mathematics of CKA. S states = L + 1, N examples, D width, R replicates; K and Q are the N x N matrices of inner
 * products of centred rows. HSIC stands up to a factor that cancels in CKA.
 */
final class CkaScript {

    private static final String TEXT = """
            def centred(self, x: Tensor, like: Tensor) -> Tensor:
              y = torch.type_as(x, like)
              return y - torch.mean(y, [0], True)

            def watch(self, states: List[Tensor], probe: Tensor) -> Tensor:
              # (2, S, B): what each row measures along one direction, and its length; not finite where the row is not
              marks = annotate(List[Tensor], [])
              sizes = annotate(List[Tensor], [])
              for s in range(torch.len(states)):
                x = torch.type_as(states[s], probe)
                _0 = torch.append(marks, torch.mv(x, torch.slice(probe, 0, 0, torch.size(x, 1))))
                _1 = torch.append(sizes, torch.sqrt(torch.sum(x * x, [1])))
              return torch.stack([torch.stack(marks), torch.stack(sizes)])

            def keep(self, kept: List[Tensor], to: Tensor, rows: Tensor, states: List[Tensor]) -> Tensor:
              for s in range(torch.len(states)):
                _0 = torch.index_copy_(kept[s], 0, to, torch.index_select(states[s], 0, rows))
              return to

            def only(self, kept: List[Tensor], rows: Tensor) -> List[Tensor]:
              some = annotate(List[Tensor], [])
              for s in range(torch.len(kept)):
                _0 = torch.append(some, torch.index_select(kept[s], 0, rows))
              return some

            def spread(self, kept: List[Tensor], like: Tensor) -> Tensor:
              # (2, S): mean squared distance from the mean, mean squared length
              distances = annotate(List[Tensor], [])
              lengths = annotate(List[Tensor], [])
              for s in range(torch.len(kept)):
                x = torch.type_as(kept[s], like)
                n = torch.size(x, 0)
                _0 = torch.append(distances, torch.sum(torch.pow(self.centred(x, like), 2)) / n)
                _1 = torch.append(lengths, torch.sum(torch.pow(x, 2)) / n)
              return torch.stack([torch.stack(distances), torch.stack(lengths)])

            def published(self, kept: List[Tensor], like: Tensor) -> Tensor:
              # (2 S - 1): the norm of X'X for each state, then of X'Y for each state and the next
              own = annotate(List[Tensor], [])
              next = annotate(List[Tensor], [])
              before = self.centred(kept[0], like)
              for s in range(torch.len(kept)):
                x = self.centred(kept[s], like)
                _0 = torch.append(own, torch.linalg_vector_norm(torch.mm(torch.t(x), x)))
                if torch.gt(s, 0):
                  _1 = torch.append(next, torch.linalg_vector_norm(torch.mm(torch.t(before), x)))
                before = x
              return torch.cat([torch.stack(own), torch.stack(next)])

            def hsic(self, kept: List[Tensor], like: Tensor, debiased: bool) -> Tensor:
              # (S, S): HSIC of every state with every state, from blocks of rows of the Gram matrices
              n = torch.size(kept[0], 0)
              count = torch.len(kept)
              products = torch.new_zeros(like, [count, count], dtype=7)
              sums = torch.new_zeros(like, [count, n], dtype=7)
              block = 256
              for b in range(torch.floordiv(n + block - 1, block)):
                start = b * block
                end = ops.prim.min(start + block, n)
                flat = annotate(List[Tensor], [])
                for s in range(count):
                  x = self.centred(kept[s], like)
                  k = torch.type_as(torch.mm(torch.slice(x, 0, start, end), torch.t(x)), sums)
                  if debiased:
                    _0 = torch.fill_(torch.diagonal(k, start), 0)
                  _1 = torch.copy_(torch.slice(torch.select(sums, 0, s), 0, start, end), torch.sum(k, [1]))
                  _2 = torch.append(flat, torch.reshape(k, [-1]))
                f = torch.stack(flat)
                _3 = torch.add_(products, torch.mm(f, torch.t(f)))
              if debiased:
                total = torch.sum(sums, [1])
                outer = torch.outer(total, total) / ((n - 1) * (n - 2))
                rows = torch.mm(sums, torch.t(sums)) * 2 / (n - 2)
                return (products + outer - rows) / (n * (n - 3))
              return products

            def biased_resample(self, kq: Tensor, pk: Tensor, pq: Tensor, p: Tensor) -> Tensor:
              # (R): HSIC of the examples with weights p, each centred at the mean of its replicate
              all = torch.sum(torch.mm(p, kq) * p, [1])
              rows = torch.sum(p * pk * pq, [1])
              return all - rows * 2 + torch.sum(p * pk, [1]) * torch.sum(p * pq, [1])

            def offsets(self, ck: Tensor, c: Tensor) -> Tensor:
              # (R, N): g with sum over j != i of c_j (K_ij - g_i - g_j) = 0 for every i, where ck = K c without diagonal
              rest = torch.sum(c, [1], True) - c * 2
              total = torch.sum(c * ck / rest, [1], True) / (torch.sum(c / rest, [1], True) + 1)
              return (ck - total) / rest

            def debiased_resample(self, kq: Tensor, ck: Tensor, cq: Tensor, c: Tensor) -> Tensor:
              # (R): sum over i != j of c_i c_j K_ij Q_ij after the best offsets of each example are taken off K and Q,
              # which makes it indifferent to the origin. With c = 1 this is n (n - 3) HSIC_1.
              all = torch.sum(torch.mm(c, kq) * c, [1])
              return all - torch.sum(c * ck * self.offsets(cq, c), [1]) * 2

            def resample(self, kept: List[Tensor], counts: Tensor, debiased: bool) -> Tensor:
              # (2 S - 1, R): HSIC of each state with itself, then of each state with the next, for each replicate
              n = torch.size(kept[0], 0)
              c = counts
              if torch.__not__(debiased):
                c = counts / n
              own = annotate(List[Tensor], [])
              next = annotate(List[Tensor], [])
              q = counts
              cq = q
              for s in range(torch.len(kept)):
                x = self.centred(kept[s], counts)
                k = torch.mm(x, torch.t(x))
                if debiased:
                  _0 = torch.fill_(torch.diagonal(k), 0)
                ck = torch.mm(c, k)
                if debiased:
                  _1 = torch.append(own, self.debiased_resample(k * k, ck, ck, c))
                  if torch.gt(s, 0):
                    _2 = torch.append(next, self.debiased_resample(k * q, ck, cq, c))
                else:
                  _3 = torch.append(own, self.biased_resample(k * k, ck, ck, c))
                  if torch.gt(s, 0):
                    _4 = torch.append(next, self.biased_resample(k * q, ck, cq, c))
                q = k
                cq = ck
              return torch.cat([torch.stack(own), torch.stack(next)])

            def partner(self, pair: int, count: int) -> Tuple[int, int]:
              # pairs 0 to S - 1 are of a state with itself, the others of a state with the next
              if torch.lt(pair, count):
                return (pair, pair)
              return (pair - count, pair - count + 1)

            def first(self, states: List[Tensor], like: Tensor) -> Tensor:
              # (S, D): the means of the first batch, taken off every row so that sums of squares keep their digits
              means = annotate(List[Tensor], [])
              for s in range(torch.len(states)):
                _0 = torch.append(means, torch.mean(torch.type_as(states[s], like), [0]))
              return torch.stack(means)

            def absorb(self, sums: List[Tensor], states: List[Tensor]) -> Tensor:
              # sums = shift (S, D), rows (S, D), squares (S), cross (P, D, D), left (P, D), right (P, D), squared (P)
              count = torch.len(states)
              xs = annotate(List[Tensor], [])
              sizes = annotate(List[Tensor], [])
              for s in range(count):
                x = torch.type_as(states[s], sums[0]) - torch.select(sums[0], 0, s)
                size = torch.sum(x * x, [1])
                _0 = torch.add_(torch.select(sums[1], 0, s), torch.sum(x, [0]))
                _1 = torch.add_(torch.select(sums[2], 0, s), torch.sum(size))
                _2 = torch.append(xs, x)
                _3 = torch.append(sizes, size)
              for pair in range(count * 2 - 1):
                a, b = self.partner(pair, count)
                _4 = torch.addmm_(torch.select(sums[3], 0, pair), torch.t(xs[a]), xs[b])
                _5 = torch.addmv_(torch.select(sums[4], 0, pair), torch.t(xs[a]), sizes[b])
                _6 = torch.addmv_(torch.select(sums[5], 0, pair), torch.t(xs[b]), sizes[a])
                _7 = torch.add_(torch.select(sums[6], 0, pair), torch.dot(sizes[a], sizes[b]))
              return sums[6]

            def streamed_hsic(self, sums: List[Tensor], n: int, debiased: bool) -> Tensor:
              # (P): HSIC of each state with itself, then of each state with the next
              count = torch.size(sums[0], 0)
              out = annotate(List[Tensor], [])
              for pair in range(count * 2 - 1):
                a, b = self.partner(pair, count)
                c = torch.select(sums[3], 0, pair)
                x = torch.select(sums[1], 0, a)
                y = torch.select(sums[1], 0, b)
                if debiased:
                  squared = torch.select(sums[6], 0, pair)
                  trace = torch.sum(c * c) - squared
                  totals = (torch.dot(x, x) - torch.select(sums[2], 0, a)) * (torch.dot(y, y) - torch.select(sums[2], 0, b))
                  left = torch.dot(x, torch.select(sums[4], 0, pair))
                  right = torch.dot(y, torch.select(sums[5], 0, pair))
                  rows = torch.dot(x, torch.mv(c, y)) - left - right + squared
                  h = (trace + totals / ((n - 1) * (n - 2)) - rows * 2 / (n - 2)) / (n * (n - 3))
                else:
                  h = torch.sum(torch.pow(c - torch.outer(x, y) / n, 2))
                _0 = torch.append(out, h)
              return torch.stack(out)

            def streamed_spread(self, sums: List[Tensor], n: int) -> Tensor:
              # (2, S): mean squared distance from the mean, mean squared length
              means = sums[1] / n
              distances = sums[2] / n - torch.sum(means * means, [1])
              centres = torch.pow(means + sums[0], 2)
              return torch.stack([distances, distances + torch.sum(centres, [1])])
            """;

    private CkaScript() {}

    private static final class Compiled {
        static final Script SCRIPT = Script.compile(TEXT);
    }

    /** Starts a call of one of the functions. */
    static Script.Call call(String function) {
        return Compiled.SCRIPT.call(function);
    }
}
