// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.pytorch.jni.Libtorch;

/** The script functions this room needs itself, in one script that is compiled when first used. */
final class Functions {

    // one script for the whole process
    private static final class Compiled {
        static final Script SCRIPT = Script.compile("""
                def zeros(self, shape: List[int], dtype: int) -> Tensor:
                  return torch.zeros(shape, dtype=dtype, device=torch.device("%1$s"))
                def empty(self, shape: List[int], dtype: int) -> Tensor:
                  return torch.empty(shape, dtype=dtype)
                def full(self, shape: List[int], value: float) -> Tensor:
                  return torch.full(shape, value, dtype=6, device=torch.device("%1$s"))
                def zeros_like(self, x: Tensor) -> Tensor:
                  return torch.zeros_like(x)
                def ones_like(self, x: Tensor) -> Tensor:
                  return torch.ones_like(x)
                def copy(self, x: Tensor) -> Tensor:
                  return torch.clone(x)
                def overwrite(self, to: Tensor, x: Tensor) -> Tensor:
                  return torch.copy_(to, x)
                def place(self, x: Tensor) -> Tensor:
                  return torch.to(x, torch.device("%1$s"))
                def single(self, x: Tensor) -> Tensor:
                  return torch.to(x, 6)
                def cast(self, x: Tensor, dtype: int) -> Tensor:
                  return torch.to(x, dtype)
                def dtype(self, x: Tensor) -> int:
                  return ops.prim.dtype(x)
                def item(self, x: Tensor) -> float:
                  return float(torch.to(torch.detach(x), 7))
                def flat(self, x: Tensor, start: int, end: int, dtype: int) -> Tensor:
                  part = torch.slice(torch.reshape(torch.detach(x), [-1]), 0, start, end)
                  return torch.contiguous(torch.cpu(torch.to(part, dtype)))
                def mapped(self, path: str, elements: int, dtype: int) -> Tensor:
                  return torch.from_file(path, False, elements, dtype=dtype)
                def view(self, x: Tensor, start: int, end: int, shape: List[int]) -> Tensor:
                  return torch.view(torch.slice(x, 0, start, end), shape)
                """.formatted(Device.best()));
    }

    private Functions() {}

    static Script.Call call(String function) {
        return Compiled.SCRIPT.call(function);
    }

    static Tensor zeros(DType dtype, long[] shape, Scope owner) {
        Transfer.elements(shape);
        return call("zeros").with(Operand.of(shape)).with(dtype.code()).one(owner);
    }

    static Tensor full(double value, long[] shape, Scope owner) {
        Transfer.elements(shape);
        return call("full").with(Operand.of(shape)).with(value).one(owner);
    }

    /** Returns memory on the CPU whose content is whatever lay there. */
    static Tensor empty(DType dtype, long[] shape, Scope owner) {
        return call("empty").with(Operand.of(shape)).with(dtype.code()).one(owner);
    }

    static Tensor zerosLike(Tensor tensor, Scope owner) {
        return call("zeros_like").with(tensor).one(owner);
    }

    static Script.Call overwriting(Tensor tensor, Tensor numbers) {
        return call("overwrite").with(tensor).with(numbers);
    }

    /** Returns the tensor on the best device: itself, moved to the owner, when it is there. */
    static Tensor place(Tensor tensor, Scope owner) {
        if (Device.best().isCpu()) {
            return owner.take(tensor);
        }
        Tensor placed = call("place").with(tensor).one(owner);
        tensor.close();
        return placed;
    }

    static DType dtype(Tensor tensor) {
        long code = call("dtype").with(tensor).value(Libtorch::integer);
        return DType.ofCode(code)
                .orElseThrow(() -> new IllegalStateException(
                        "type of a tensor must be one that Lamella knows; got libtorch's number " + code));
    }

    static double item(Tensor tensor) {
        return call("item").with(tensor).value(Libtorch::number);
    }
}
