// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Owns tensors and frees them together. The garbage collector frees no tensor: a scope does.
 *
 * <p>A step of work opens a scope and closes it at its end, with everything made in it. What a person holds on to, a
 * model or an adapter, keeps its tensors in a scope {@link #heldBy} it. A tensor keeps what holds its scope reachable,
 * so that a weight in use is never freed under the computation.
 *
 * <pre>{@code
 * try (Scope step = Scope.open()) {
 *     Tensor x = step.floats(new float[] {1, 2, 3, 4}, 2, 2);
 *     Tensor y = script.call("double").with(x).one(step);
 *     return y.floats();
 * }
 * }</pre>
 *
 * <p>Scopes may be used from several threads.
 */
public final class Scope implements AutoCloseable {

    private static final Cleaner CLEANER = Cleaner.create();

    private final Ledger ledger = new Ledger();
    private final @Nullable Scope parent;
    // keeps it reachable while a tensor of this scope is; null when nobody holds the scope
    private final @Nullable Object holder;

    private Scope(@Nullable Scope parent, @Nullable Object holder) {
        this.parent = parent;
        this.holder = holder;
    }

    /** Returns a new scope. Whoever opens it closes it. */
    public static Scope open() {
        Torch.start();
        return new Scope(null, null);
    }

    /**
     * Returns a new scope that is freed when it is closed, or some time after neither the holder nor any of the scope's
     * tensors can be reached any more.
     */
    public static Scope heldBy(Object holder) {
        Torch.start();
        Scope scope = new Scope(null, holder);
        CLEANER.register(holder, scope.ledger);
        return scope;
    }

    /** Runs an action, which must not refer to the holder, after the holder became unreachable. */
    static Cleaner.Cleanable after(Object holder, Runnable action) {
        return CLEANER.register(holder, action);
    }

    /** Returns a new scope below this one; it is closed by itself or with this scope, whichever comes first. */
    public Scope child() {
        Scope child = new Scope(this, null);
        ledger.add(child.ledger);
        return child;
    }

    /** Returns a new {@link DType#F32} tensor with a copy of the values, row by row; without a shape, a single number. */
    public Tensor floats(float[] values, long... shape) {
        return Transfer.of(values, shape, this);
    }

    /** Returns a new {@link DType#F64} tensor with a copy of the values, row by row; without a shape, a single number. */
    public Tensor doubles(double[] values, long... shape) {
        return Transfer.of(values, shape, this);
    }

    /** Returns a new {@link DType#I64} tensor with a copy of the values, row by row; without a shape, a single number. */
    public Tensor longs(long[] values, long... shape) {
        return Transfer.of(values, shape, this);
    }

    /** Returns a new tensor of zeros; without a shape, a single number. */
    public Tensor zeros(DType dtype, long... shape) {
        return Functions.zeros(dtype, shape, this);
    }

    /** Returns a new {@link DType#F32} tensor that is the value everywhere; without a shape, a single number. */
    public Tensor full(double value, long... shape) {
        return Functions.full(value, shape, this);
    }

    /** Makes this scope the owner of a tensor that another one owned, and returns the tensor. */
    public Tensor take(Tensor tensor) {
        tensor.moveTo(this);
        return tensor;
    }

    /** Returns how many open tensors this scope owns, those of its children not counted. */
    public int live() {
        return ledger.size();
    }

    /** Frees the tensors of this scope and of the scopes below it. Harmless the second time. */
    @Override
    public void close() {
        if (parent != null) {
            parent.ledger.remove(ledger);
        }
        ledger.run();
    }

    Ledger ledger() {
        return ledger;
    }

    /** Takes over a native tensor; frees it when this scope is closed already. */
    Tensor own(long address) {
        Handle handle = new Handle(address);
        try {
            ledger.add(handle);
        } catch (IllegalStateException closed) {
            handle.close();
            throw closed;
        }
        return new Tensor(handle, this);
    }

    /** Returns how many live tensors and whether someone holds the scope, for instance {@code scope of 3 tensors}. */
    @Override
    public String toString() {
        return (holder == null ? "scope" : "held scope") + " of " + live() + " tensors";
    }
}
