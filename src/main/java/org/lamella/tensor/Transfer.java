// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.pytorch.jni.Libtorch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies numbers between the Java heap and libtorch, piece by piece, so that no buffer passes 2 GiB. */
final class Transfer {

    /** How many elements are copied at a time. */
    static final int PIECE = 1 << 26;

    private Transfer() {}

    static Tensor of(float[] values, long[] shape, Scope owner) {
        return of(values.length, DType.F32, shape, owner, (memory, at) -> memory.asFloatBuffer()
                .put(values, (int) at, memory.remaining() / Float.BYTES));
    }

    static Tensor of(double[] values, long[] shape, Scope owner) {
        return of(values.length, DType.F64, shape, owner, (memory, at) -> memory.asDoubleBuffer()
                .put(values, (int) at, memory.remaining() / Double.BYTES));
    }

    static Tensor of(long[] values, long[] shape, Scope owner) {
        return of(values.length, DType.I64, shape, owner, (memory, at) -> memory.asLongBuffer()
                .put(values, (int) at, memory.remaining() / Long.BYTES));
    }

    static float[] floats(Tensor tensor) {
        DType type = tensor.dtype();
        if (!type.floating() || type == DType.F64) {
            throw new IllegalArgumentException("floats() must be asked of F32, F16 or BF16; got " + tensor
                    + (type == DType.F64 ? "; use doubles()" : "; use longs()"));
        }
        float[] values = new float[length(tensor)];
        pieces(tensor, DType.F32, (memory, at) -> memory.asFloatBuffer()
                .get(values, (int) at, memory.remaining() / Float.BYTES));
        return values;
    }

    static double[] doubles(Tensor tensor) {
        if (!tensor.dtype().floating()) {
            throw new IllegalArgumentException(
                    "doubles() must be asked of a floating type; got " + tensor + "; use longs()");
        }
        double[] values = new double[length(tensor)];
        pieces(tensor, DType.F64, (memory, at) -> memory.asDoubleBuffer()
                .get(values, (int) at, memory.remaining() / Double.BYTES));
        return values;
    }

    static long[] longs(Tensor tensor) {
        if (tensor.dtype().floating()) {
            throw new IllegalArgumentException("longs() must be asked of integers or truth values; got " + tensor);
        }
        long[] values = new long[length(tensor)];
        pieces(tensor, DType.I64, (memory, at) -> memory.asLongBuffer()
                .get(values, (int) at, memory.remaining() / Long.BYTES));
        return values;
    }

    /** Returns how many elements a shape has. */
    static long elements(long[] shape) {
        long elements = 1;
        for (long length : shape) {
            if (length < 0) {
                throw new IllegalArgumentException("shape must not be negative; got " + Arrays.toString(shape));
            }
            if (length != 0 && elements > Long.MAX_VALUE / length) {
                throw new IllegalArgumentException(
                        "shape must have fewer than 2^63 elements; got " + Arrays.toString(shape));
            }
            elements *= length;
        }
        return elements;
    }

    private static Tensor of(int count, DType dtype, long[] shape, Scope owner, Piece copy) {
        if (elements(shape) != count) {
            throw new IllegalArgumentException("shape must have " + count
                    + " elements, as many as there are values; got " + Arrays.toString(shape));
        }
        try (Scope scratch = Scope.open()) {
            Tensor tensor = Functions.empty(dtype, shape, scratch);
            pieces(tensor, dtype, copy);
            return Functions.place(tensor, owner);
        }
    }

    private static int length(Tensor tensor) {
        long elements = tensor.elements();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a tensor copied to an array must fit one; got " + tensor);
        }
        return (int) elements;
    }

    /** What is done with the memory of one piece. */
    interface Piece {
        void use(ByteBuffer memory, long firstElement);
    }

    /**
     * Hands over the memory of each piece of a tensor. It is the tensor's own when the type is the same, the tensor
     * contiguous and on the CPU; else a copy.
     */
    static void pieces(Tensor tensor, DType type, Piece piece) {
        long count = tensor.elements();
        for (long at = 0; at < count; at += PIECE) {
            long start = at;
            try (Scope scratch = Scope.open()) {
                Functions.call("flat")
                        .with(tensor)
                        .with(start)
                        .with(Math.min(count, start + PIECE))
                        .with(type.code())
                        .one(scratch)
                        .on(address -> {
                            piece.use(Libtorch.memory(address), start);
                            return true;
                        });
            }
        }
    }
}
