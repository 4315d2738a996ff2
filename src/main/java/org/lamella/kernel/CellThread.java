// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The one thread that runs the code of cells and draws their results: thread locals and natives see one thread for good. */
final class CellThread extends Thread {

    /** How long code may go on after a stop was asked for, so that a loop which polls the interrupt ends in its own way. */
    private static final long GRACE_NANOS = 20_000_000;

    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private volatile long askedAt;
    private volatile boolean abandoned;
    private boolean passed;

    CellThread(ClassLoader loader) {
        super("notebook");
        setDaemon(true);
        setContextClassLoader(loader);
    }

    void submit(Runnable task) {
        work.add(task);
    }

    @Override
    public void run() {
        while (!abandoned) {
            next().run();
        }
        Interrupts.relent(this);
    }

    /** Returns the next piece of work. An interrupt that comes while waiting is kept for it. */
    Runnable next() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return work.take();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                interrupt();
            }
        }
    }

    /** Asks the running code to stop: first by the interrupt, which a library may answer, then by the loop checks. */
    void ask() {
        interrupt();
        askedAt = System.nanoTime();
        Interrupts.ask(this);
    }

    /** Takes the request back; called on this thread once the code has ended. */
    void relent() {
        if (!abandoned) {
            askedAt = 0;
            passed = false;
            Interrupts.relent(this);
        }
    }

    /** Gives the thread up: its code ends at its next loop check, and nothing else runs on it. */
    void abandon() {
        abandoned = true;
        ask();
        submit(() -> {});
    }

    /**
     * Ends the running code if a stop was asked for. While the interrupt is still set, one pass and a moment are given to a
     * loop whose own condition looks at it; when it is spent and the loop goes on all the same, the loop has no say.
     */
    void stopIfAsked() {
        long asked = askedAt;
        if (asked == 0) {
            return;
        }
        boolean unread = isInterrupted() && !abandoned;
        if (unread && (!passed || System.nanoTime() - asked < GRACE_NANOS)) {
            passed = true;
            return;
        }
        throw new Interrupts.CellInterrupted();
    }
}
