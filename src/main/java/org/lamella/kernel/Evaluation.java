// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A piece of work that the cell thread gives to the evaluator thread and waits for. */
final class Evaluation<T> implements Runnable {

    private final Callable<T> work;
    private final CellThread asker;
    private @Nullable T result;
    private @Nullable Throwable failure;
    private volatile boolean ended;

    Evaluation(Callable<T> work, CellThread asker) {
        this.work = work;
        this.asker = asker;
    }

    @Override
    public void run() {
        try {
            result = work.call();
        } catch (Throwable any) {
            failure = any;
        }
        ended = true;
        asker.submit(() -> {}); // wake it
    }

    boolean ended() {
        return ended;
    }

    /** Returns what the work returned, or throws what it threw. */
    @Nullable T outcome() throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof Exception exception) {
            throw exception;
        }
        return result;
    }
}
