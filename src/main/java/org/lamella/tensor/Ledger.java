// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The handles a scope must free and the ledgers below it: the part of a scope that a cleaner may hold. */
final class Ledger implements Runnable {

    private final Set<Handle> handles = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Ledger> children = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    synchronized void add(Handle handle) {
        requireOpen();
        handles.add(handle);
    }

    synchronized void add(Ledger child) {
        requireOpen();
        children.add(child);
    }

    synchronized void remove(Handle handle) {
        handles.remove(handle);
    }

    synchronized void remove(Ledger child) {
        children.remove(child);
    }

    synchronized int size() {
        return handles.size();
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("scope must be open; it was closed");
        }
    }

    /** Frees everything, children first. Harmless the second time. */
    @Override
    public void run() {
        List<Ledger> below;
        List<Handle> own;
        synchronized (this) {
            closed = true;
            below = new ArrayList<>(children);
            own = new ArrayList<>(handles);
            children.clear();
            handles.clear();
        }
        below.forEach(Ledger::run);
        own.forEach(Handle::close);
    }
}
