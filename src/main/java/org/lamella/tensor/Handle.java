// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.pytorch.jni.Libtorch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A native tensor that is freed once: at once when it is closed, or when the last native call that uses it returns.
 *
 * <p>Knows neither its Java tensor nor its scope, so that a cleaner may hold it.
 */
final class Handle {

    private static final AtomicLong LIVE = new AtomicLong();

    private final long address;
    private int users;
    private boolean closed;

    Handle(long address) {
        this.address = address;
        LIVE.incrementAndGet();
    }

    static long live() {
        return LIVE.get();
    }

    /** Returns the address, good until {@link #release}. */
    synchronized long use() {
        if (closed) {
            throw new IllegalStateException("tensor must be open; it or its scope was closed");
        }
        users++;
        return address;
    }

    synchronized void release() {
        users--;
        freeWhenUnused();
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            freeWhenUnused();
        }
    }

    synchronized boolean closed() {
        return closed;
    }

    private void freeWhenUnused() {
        if (closed && users == 0) {
            Libtorch.delete(address);
            LIVE.decrementAndGet();
        }
    }
}
