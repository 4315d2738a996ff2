// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.pytorch.jni.Libtorch;

/**
 * Says whether the calls of a thread build a graph for {@link Autograd}, for a stretch of code.
 *
 * <p>A mode belongs to its thread; in every thread it is off until it is enabled. Close modes in the reverse order.
 *
 * <pre>{@code
 * try (GradMode on = GradMode.enabled()) {
 *     Tensor loss = script.call("loss").with(x).with(weights).one(step);
 *     Autograd.backward(loss);
 * }
 * }</pre>
 */
public final class GradMode implements AutoCloseable {

    private final boolean before;
    private final Thread thread = Thread.currentThread();

    private GradMode(boolean on) {
        Torch.start();
        before = Libtorch.gradMode();
        Libtorch.gradMode(on);
    }

    /** Switches the graph on in this thread, until it is closed. */
    public static GradMode enabled() {
        return new GradMode(true);
    }

    /** Switches the graph off in this thread, until it is closed. */
    public static GradMode disabled() {
        return new GradMode(false);
    }

    /** Brings back the mode from before. */
    @Override
    public void close() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("grad mode must be closed in the thread " + thread.getName()
                    + " that opened it; got " + Thread.currentThread().getName());
        }
        Libtorch.gradMode(before);
    }
}
