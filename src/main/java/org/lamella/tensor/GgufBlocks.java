// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

/**
 * Turns the blocks of quantised GGUF tensors into numbers, with the order of operations of Python's gguf, so that the
 * bits are the same.
 *
 * <p>A block is 32 numbers: a scale, for some a least value, for some a fifth bit of each number, then the numbers. The
 * same bytes come twice, as bytes (blocks, bytes) and as halves (blocks, bytes / 2), since a script cannot take one for
 * the other.
 */
final class GgufBlocks {

    // one script for the whole process
    private static final class Compiled {
        static final Script SCRIPT = Script.compile("""
                def half(self, h: Tensor, at: int) -> Tensor:
                  return torch.to(torch.slice(h, 1, at, at + 1), 6)  # (blocks, 1)
                def nibbles(self, b: Tensor, at: int) -> Tensor:
                  q = torch.slice(b, 1, at, at + 16)
                  y = torch.empty([torch.size(b, 0), 32], dtype=6)
                  low = torch.copy_(torch.slice(y, 1, 0, 16), torch.bitwise_and(q, 15))
                  high = torch.copy_(torch.slice(y, 1, 16, 32), torch.bitwise_right_shift(q, 4))
                  return y
                def fifths(self, b: Tensor, at: int) -> Tensor:
                  bits = torch.unsqueeze(torch.slice(b, 1, at, at + 4), 2)  # (blocks, 4, 1)
                  ones = torch.bitwise_and(torch.bitwise_right_shift(bits, torch.arange(8, dtype=0)), 1)
                  return torch.mul(torch.reshape(ones, [-1, 32]), 16)
                def Q4_0(self, b: Tensor, h: Tensor, shape: List[int]) -> Tensor:
                  y = torch.sub_(self.nibbles(b, 2), 8)
                  return torch.view(torch.mul_(y, self.half(h, 0)), shape)
                def Q4_1(self, b: Tensor, h: Tensor, shape: List[int]) -> Tensor:
                  y = torch.mul_(self.nibbles(b, 4), self.half(h, 0))
                  return torch.view(torch.add_(y, self.half(h, 1)), shape)
                def Q5_0(self, b: Tensor, h: Tensor, shape: List[int]) -> Tensor:
                  y = torch.sub_(torch.add_(self.nibbles(b, 6), self.fifths(b, 2)), 16)
                  return torch.view(torch.mul_(y, self.half(h, 0)), shape)
                def Q5_1(self, b: Tensor, h: Tensor, shape: List[int]) -> Tensor:
                  y = torch.mul_(torch.add_(self.nibbles(b, 8), self.fifths(b, 4)), self.half(h, 0))
                  return torch.view(torch.add_(y, self.half(h, 1)), shape)
                def Q8_0(self, b: Tensor, h: Tensor, shape: List[int]) -> Tensor:
                  q = torch.bitwise_xor(torch.slice(b, 1, 2, 34), 128)  # without a sign, 128 more
                  y = torch.sub_(torch.to(q, 6), 128)
                  return torch.view(torch.mul_(y, self.half(h, 0)), shape)
                """);
    }

    private GgufBlocks() {}

    static Tensor numbers(GgufType type, Tensor bytes, Tensor halves, long[] shape, Scope owner) {
        return Compiled.SCRIPT
                .call(type.name())
                .with(bytes)
                .with(halves)
                .with(Operand.of(shape))
                .one(owner);
    }
}
