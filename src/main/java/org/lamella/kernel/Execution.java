// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.SPIResolutionException;
import org.jspecify.annotations.Nullable;
import org.lamella.kernel.Interrupts.CellInterrupted;

/**
 * Runs what JShell compiled in this virtual machine, on one {@link CellThread}, and keeps the values and the exceptions as
 * the objects they are.
 *
 * <p>Two threads take part. The evaluator thread asks JShell to compile and is never interrupted, since an interrupt inside
 * javac closes the files it reads. The cell thread runs the compiled code. While one of them waits for the other it does
 * what the other asks for, so that code may evaluate code.
 *
 * <p>An interrupt ends the statement that runs and the cell with it, unless the statement takes it as its own business: it
 * returned normally and the thread's interrupt status is spent. Then the cell goes on, with what the statement returned.
 */
final class Execution extends DirectExecutionControl {

    /** How a cell was stopped. */
    enum Stop {
        NONE,
        INTERRUPTED,
        TIMED_OUT
    }

    private static final long HINT_NANOS = 2_000_000_000L;
    private static final long SECOND_ASK_NANOS = 500_000_000L;

    private final ClassLoader loader;
    private final @Nullable Duration timeLimit;
    private final Consumer<String> notes;
    private final BlockingQueue<Runnable> evaluatorWork = new LinkedBlockingQueue<>();
    private final Object interruptLock = new Object();
    private @Nullable CellThread thread;
    private @Nullable Task<?> running;
    private Stop stop = Stop.NONE;
    private long stoppedAt;
    private boolean inCell;
    private @Nullable Object value;
    private @Nullable Throwable thrown;

    /**
     * Prepares to run.
     *
     * @param loader holds the classes of snippets
     * @param timeLimit how long one statement may run; null for no limit
     * @param notes takes sentences for the person who waits
     */
    Execution(SnippetLoader loader, @Nullable Duration timeLimit, Consumer<String> notes) {
        super(loader);
        this.loader = loader.classLoader();
        this.timeLimit = timeLimit;
        this.notes = notes;
    }

    /** A piece of work for the cell thread. */
    private final class Task<T> implements Runnable {
        private final Callable<T> work;
        private final @Nullable Task<?> outer;
        private final long start = System.nanoTime();
        private @Nullable T result;
        private @Nullable Throwable failure;
        private boolean asked; // an interrupt came while it ran
        private boolean unread; // and was not looked at
        private volatile boolean ended;

        Task(Callable<T> work, @Nullable Task<?> outer) {
            this.work = work;
            this.outer = outer;
        }

        @Override
        public void run() {
            synchronized (interruptLock) {
                Thread.interrupted(); // left over from before
                if (asked) {
                    Thread.currentThread().interrupt();
                }
            }
            try {
                result = work.call();
            } catch (InvocationTargetException wrapped) {
                failure = wrapped.getCause() == null ? wrapped : wrapped.getCause();
            } catch (Throwable any) {
                failure = any;
            }
            synchronized (interruptLock) {
                unread = Thread.interrupted();
                ended = true;
                if (running == this) {
                    running = outer;
                }
                if (Thread.currentThread() instanceof CellThread cellThread) {
                    cellThread.relent();
                }
            }
            evaluatorWork.add(() -> {}); // wake whoever waits
        }
    }

    /** Starts a cell: what was asked to stop before is past. */
    void begin() {
        synchronized (interruptLock) {
            stop = Stop.NONE;
            inCell = true;
        }
    }

    /** Ends a cell. */
    void end() {
        synchronized (interruptLock) {
            stop = Stop.NONE;
            inCell = false;
        }
    }

    boolean busy() {
        synchronized (interruptLock) {
            return inCell;
        }
    }

    /** Returns how the cell was stopped, if it was. */
    Stop stopped() {
        synchronized (interruptLock) {
            return stop;
        }
    }

    /** Asks the cell to stop; asked a second time while its code does not listen, leaves that code behind. */
    void interrupt() {
        synchronized (interruptLock) {
            if (!inCell) {
                return;
            }
            boolean again = stop != Stop.NONE && System.nanoTime() - stoppedAt > SECOND_ASK_NANOS;
            askToStop(Stop.INTERRUPTED, again);
        }
    }

    private void askToStop(Stop how, boolean leave) {
        if (stop == Stop.NONE) {
            stop = how;
            stoppedAt = System.nanoTime();
        }
        Task<?> task = running;
        CellThread cellThread = thread;
        if (task == null || cellThread == null || task.ended) {
            return; // noticed before the next statement
        }
        task.asked = true;
        if (leave) {
            cellThread.abandon();
            thread = null;
        } else {
            cellThread.ask();
        }
    }

    /** Returns the value of the last statement that JShell ran. */
    @Nullable Object value() {
        return value;
    }

    /** Returns what the last statement that JShell ran has thrown. */
    @Nullable Throwable thrown() {
        return thrown;
    }

    @Override
    protected String invoke(Method statement) throws Exception {
        value = null;
        thrown = null;
        try {
            value = call(() -> statement.invoke(null));
            return "";
        } catch (SPIResolutionException unresolved) {
            throw unresolved;
        } catch (Throwable any) {
            thrown = any;
            throw new InvocationTargetException(any);
        }
    }

    /**
     * Runs work on the cell thread and returns what it returned, or throws what it threw.
     *
     * @throws CellInterrupted if the person asked to stop and the work did not take it as its own business
     */
    <T> @Nullable T call(Callable<T> work) throws Throwable {
        Task<T> task;
        CellThread cellThread;
        synchronized (interruptLock) {
            if (stop != Stop.NONE) {
                throw new CellInterrupted();
            }
            task = new Task<>(work, running);
            running = task;
            cellThread = thread();
        }
        cellThread.submit(task);
        await(task, cellThread);
        return outcome(task);
    }

    private CellThread thread() {
        CellThread current = thread;
        if (current == null || !current.isAlive()) {
            current = new CellThread(loader);
            current.start();
            thread = current;
        }
        return current;
    }

    private void await(Task<?> task, CellThread cellThread) throws InterruptedException {
        boolean hinted = false;
        while (!task.ended) {
            Runnable asked = evaluatorWork.poll(100, TimeUnit.MILLISECONDS);
            if (asked != null) {
                asked.run();
                continue;
            }
            boolean hint;
            synchronized (interruptLock) {
                if (thread != cellThread) {
                    running = null;
                    notes.accept("The running call did not stop. It goes on in the background; its result is lost.\n");
                    throw new CellInterrupted();
                }
                checkTime(task);
                hint = stop != Stop.NONE && !hinted && System.nanoTime() - stoppedAt > HINT_NANOS;
            }
            if (hint) {
                hinted = true;
                notes.accept(
                        "Waiting for the running call to notice the interrupt. Interrupt again to leave it behind.\n");
            }
        }
    }

    private void checkTime(Task<?> task) {
        Duration limit = timeLimit;
        if (limit == null) {
            return;
        }
        long over = System.nanoTime() - task.start - limit.toNanos();
        if (over > 0 && stop == Stop.NONE) {
            askToStop(Stop.TIMED_OUT, false);
        } else if (over > HINT_NANOS && stop == Stop.TIMED_OUT) {
            askToStop(Stop.TIMED_OUT, true);
        }
    }

    private <T> @Nullable T outcome(Task<T> task) throws Throwable {
        synchronized (interruptLock) {
            boolean handled = task.asked && task.failure == null && !task.unread;
            if (handled && stop == Stop.INTERRUPTED) {
                stop = Stop.NONE;
            }
            if (stop != Stop.NONE && task.failure == null) {
                throw new CellInterrupted();
            }
        }
        if (task.failure != null) {
            throw task.failure;
        }
        return task.result;
    }

    /**
     * Runs work on the evaluator thread, asked from the cell thread, which meanwhile runs what the work evaluates.
     *
     * @throws IllegalStateException if asked from another thread
     */
    <T> @Nullable T evaluate(Callable<T> work) throws Exception {
        if (!(Thread.currentThread() instanceof CellThread cellThread)) {
            throw new IllegalStateException("code must be evaluated on the notebook thread; got "
                    + Thread.currentThread().getName());
        }
        Evaluation<T> evaluation = new Evaluation<>(work, cellThread);
        evaluatorWork.add(evaluation);
        while (!evaluation.ended()) {
            cellThread.next().run();
        }
        return evaluation.outcome();
    }
}
