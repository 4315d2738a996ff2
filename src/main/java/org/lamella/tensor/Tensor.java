// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.pytorch.jni.Libtorch;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A handle to an array of numbers in libtorch's memory, owned by exactly one {@link Scope}.
 *
 * <p>A tensor is closed with its scope or earlier; using a closed one throws {@link IllegalStateException}. Two tensors
 * may share their memory (a view and its source); each may be closed without the other. Mathematics is done by
 * {@link Script}s, not here.
 */
public final class Tensor implements AutoCloseable {

    private final Handle handle;
    private volatile Scope owner;
    private long @Nullable [] shape;
    private @Nullable DType dtype;

    Tensor(Handle handle, Scope owner) {
        this.handle = handle;
        this.owner = owner;
    }

    /** Returns the length of each dimension; empty for a single number. */
    public long[] shape() {
        return sizes().clone();
    }

    private synchronized long[] sizes() {
        long[] known = shape;
        if (known == null || closed()) {
            known = on(Libtorch::shape);
            shape = known;
        }
        return known;
    }

    /** Returns the length of one dimension; negative dimensions count from the last, which is -1. */
    public long size(int dimension) {
        long[] sizes = sizes();
        if (dimension < -sizes.length || dimension >= sizes.length) {
            throw new IllegalArgumentException(
                    "dimension must be " + -sizes.length + " to " + (sizes.length - 1) + "; got " + dimension);
        }
        return sizes[dimension < 0 ? dimension + sizes.length : dimension];
    }

    /** Returns how many numbers the tensor holds. */
    public long elements() {
        return LongStream.of(sizes()).reduce(1, (a, b) -> a * b);
    }

    /** Returns the type of the numbers. */
    public synchronized DType dtype() {
        DType known = dtype;
        if (known == null || closed()) {
            known = DType.ofDjl(on(Libtorch::type)).orElseGet(() -> Functions.dtype(this));
            dtype = known;
        }
        return known;
    }

    /** Returns a copy of the numbers of an {@link DType#F32}, {@link DType#F16} or {@link DType#BF16} tensor. */
    public float[] floats() {
        return Transfer.floats(this);
    }

    /** Returns a copy of the numbers of a tensor of any floating type. */
    public double[] doubles() {
        return Transfer.doubles(this);
    }

    /** Returns a copy of the numbers of a tensor of integers; of truth values, ones and zeros. */
    public long[] longs() {
        return Transfer.longs(this);
    }

    /** Returns the number of a tensor that holds exactly one, whatever its type. */
    public double item() {
        if (elements() != 1) {
            throw new IllegalArgumentException("item() must be asked of one number; got " + this);
        }
        return Functions.item(this);
    }

    /** Returns a tensor of the owner with the same numbers in memory of its own; gradients go through. */
    public Tensor copy(Scope owner) {
        return Functions.call("copy").with(this).one(owner);
    }

    /**
     * Puts the numbers of another tensor in the place of this one's.
     *
     * <p>Of a tensor with a gradient it needs grad mode off.
     *
     * @param numbers a tensor of the same shape
     */
    public void overwrite(Tensor numbers) {
        if (!Arrays.equals(sizes(), numbers.sizes())) {
            throw new IllegalArgumentException("numbers must have the shape of " + this + "; got " + numbers);
        }
        Functions.overwriting(this, numbers).run();
    }

    /**
     * Makes this tensor a leaf whose gradient {@link Autograd} accumulates, and returns it.
     *
     * <p>In-place changes of it need grad mode off, as {@link AdamW} does.
     */
    public Tensor requireGradient() {
        if (!dtype().floating()) {
            throw new IllegalArgumentException("a tensor with a gradient must be of a floating type; got " + this);
        }
        return on(address -> {
            Libtorch.requireGradient(address);
            return this;
        });
    }

    /** Returns the gradient accumulated so far, as a new tensor of the owner; zeros if there is none. */
    public Tensor gradient(Scope owner) {
        long gradient = on(Libtorch::gradient);
        return gradient == 0 ? Functions.zerosLike(this, owner) : owner.own(gradient);
    }

    /** Sets the accumulated gradient to zero, where there is one. */
    public void zeroGradient() {
        on(address -> {
            Libtorch.zeroGradient(address);
            return this;
        });
    }

    /** Returns these numbers in another type; of the same type it is the same memory. The gradient goes through. */
    public Tensor to(DType type, Scope owner) {
        return Functions.call("cast").with(this).with(type.code()).one(owner);
    }

    /** Frees this handle. Harmless the second time. */
    @Override
    public void close() {
        owner.ledger().remove(handle);
        handle.close();
    }

    /** Returns whether this tensor was closed, by itself or with its scope. */
    public boolean closed() {
        return handle.closed();
    }

    synchronized void moveTo(Scope next) {
        if (handle.closed()) {
            throw new IllegalStateException("tensor must be open; it or its scope was closed");
        }
        next.ledger().add(handle);
        if (next != owner) {
            owner.ledger().remove(handle);
            owner = next;
        }
    }

    /** Returns what native work on the address gives; the tensor is not freed before the work is done. */
    <R> R on(LongFunction<R> work) {
        Torch.start();
        long address = handle.use();
        try {
            return work.apply(address);
        } finally {
            handle.release();
        }
    }

    Handle handle() {
        return handle;
    }

    /** Returns type and shape, for instance {@code F32 (32, 384)}. */
    @Override
    public String toString() {
        if (closed()) {
            return "closed tensor";
        }
        return dtype() + Arrays.stream(sizes()).mapToObj(Long::toString).collect(Collectors.joining(", ", " (", ")"));
    }
}
