// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The question that is woven into the loops of cells: has the person asked to stop? It costs one read of a field.
 *
 * <p>Public only because the classes of cells call it.
 */
public final class Interrupts {

    /** Ends the code of a cell that does not end by itself. An error, so that {@code catch (Exception e)} does not hide it. */
    static final class CellInterrupted extends Error {
        private static final long serialVersionUID = 1;

        CellInterrupted() {
            super("Cell interrupted");
        }
    }

    private static final Set<CellThread> ASKED = ConcurrentHashMap.newKeySet();
    private static volatile boolean requested;

    private Interrupts() {}

    /** Ends the code that runs on this thread if the notebook's person asked for it; does nothing on other threads. */
    public static void check() {
        if (requested && Thread.currentThread() instanceof CellThread thread) {
            thread.stopIfAsked();
        }
    }

    static void ask(CellThread thread) {
        ASKED.add(thread);
        requested = true;
    }

    static void relent(CellThread thread) {
        ASKED.remove(thread);
        requested = !ASKED.isEmpty();
    }
}
