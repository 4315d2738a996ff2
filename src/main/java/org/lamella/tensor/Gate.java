// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Keeps the process from ending while a thread computes in libtorch, which would crash it: the end waits for the calls
 * that run and lets no further one in.
 */
final class Gate {

    private static final long PATIENCE = 10;
    private static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock();

    private Gate() {}

    /** Closes the gate when the process ends. */
    static void closeAtTheEnd() {
        Runtime.getRuntime().addShutdownHook(new Thread(Gate::shut, "lamella-end"));
    }

    // the lock is never given back: the process ends
    private static void shut() {
        try {
            if (!LOCK.writeLock().tryLock(PATIENCE, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Enters; each entry is followed by {@link #leave}. While the process ends this waits for it to have ended, and
     * fails only where something else holds the end up.
     */
    static void enter() {
        if (LOCK.readLock().tryLock()) {
            return;
        }
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        try {
            while (System.nanoTime() < end) {
                try {
                    if (LOCK.readLock().tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        throw new IllegalStateException("process must not be ending while a script is called");
    }

    static void leave() {
        LOCK.readLock().unlock();
    }
}
