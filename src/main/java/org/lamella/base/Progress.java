// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * Tells whoever watches how far a long piece of work is, and tells the work whether the person asked it to stop.
 *
 * <p>A stop is the interrupt of the working thread (the notebook's ■). It is noticed once, at the next {@link #step};
 * from then on {@code step} answers false, the interrupt is spent, and the verb returns what it has. Work inside other work
 * hands the stop on: when a measurement in the middle of a training is stopped, so is the training. Listeners are found
 * as services of type {@link Listener}; those given to {@link #listening} hear the calling thread only.
 *
 * <pre>{@code
 * try (Progress progress = Progress.start("training", steps, "steps")) {
 *     for (int step = 1; step <= steps; step++) {
 *         work();
 *         if (!progress.step(step, Map.of("loss", loss))) break;
 *     }
 * }
 * }</pre>
 */
public final class Progress implements AutoCloseable {

    /** How a piece of work stands. */
    public enum State {
        /** It goes on. */
        RUNNING,
        /** It came to its end. */
        FINISHED,
        /** The person stopped it, or it failed; what it had is kept by the verb. */
        STOPPED
    }

    /**
     * What a listener hears.
     *
     * @param work what is being done, for instance {@code training}
     * @param done how much is done, in units
     * @param total how much there is, in units; 0 when unknown
     * @param unit what is counted, for instance {@code steps}
     * @param numbers what else is known now, for instance loss and tokens per second, in their order
     * @param elapsed time since the start
     * @param state how it stands
     * @param text what has been written so far, where the work writes; else empty
     */
    public record Event(
            String work,
            long done,
            long total,
            String unit,
            Map<String, Double> numbers,
            Duration elapsed,
            State state,
            String text) {

        /** Makes an event of work that writes nothing. */
        public Event(
                String work,
                long done,
                long total,
                String unit,
                Map<String, Double> numbers,
                Duration elapsed,
                State state) {
            this(work, done, total, unit, numbers, elapsed, state, "");
        }

        /** Copies the numbers and keeps their order. */
        public Event {
            numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        }

        /** Returns the time that is left if it goes on as it went; zero when that cannot be told. */
        public Duration left() {
            return done <= 0 || total <= done
                    ? Duration.ZERO
                    : Duration.ofNanos((long) ((double) elapsed.toNanos() / done * (total - done)));
        }
    }

    /** Hears the events of every piece of work. Services are made anew for each piece of work. */
    @FunctionalInterface
    public interface Listener {

        /** Called on the working thread, at most every tenth of a second while running, and once at the end. */
        void on(Event event);
    }

    private static final ThreadLocal<List<Listener>> LISTENING = ThreadLocal.withInitial(ArrayList::new);
    private static final ThreadLocal<Deque<Progress>> NESTED = ThreadLocal.withInitial(ArrayDeque::new);
    private static final long QUIET_NANOS = 100_000_000;

    private final String work;
    private final long total;
    private final String unit;
    private final List<Listener> listeners;
    private final long start = System.nanoTime();
    private Map<String, Double> numbers = Map.of();
    private String text = "";
    private long done;
    private long lastEvent;
    private boolean stopped;

    private Progress(String work, long total, String unit, List<Listener> listeners) {
        this.work = work;
        this.total = total;
        this.unit = unit;
        this.listeners = listeners;
    }

    /**
     * Returns the progress of a piece of work that starts now; close it when the work ends.
     *
     * @param work what is being done, for instance {@code training}
     * @param total how much there is, in units; 0 when unknown
     * @param unit what is counted, for instance {@code steps}
     */
    public static Progress start(String work, long total, String unit) {
        List<Listener> listeners = new ArrayList<>();
        ServiceLoader.load(Listener.class, Progress.class.getClassLoader()).forEach(listeners::add);
        listeners.addAll(LISTENING.get());
        Progress progress = new Progress(work, total, unit, listeners);
        NESTED.get().push(progress);
        progress.tell(State.RUNNING);
        return progress;
    }

    /** Runs something while the listener hears all progress of this thread, and returns what it made. */
    public static <T> T listening(Listener listener, Supplier<T> work) {
        LISTENING.get().add(listener);
        try {
            return work.get();
        } finally {
            LISTENING.get().remove(listener);
        }
    }

    /** Notes how much is done. Returns false once the person asked to stop. */
    public boolean step(long unitsDone) {
        return step(unitsDone, numbers);
    }

    /** Notes how much is done and what is known now. Returns false once the person asked to stop. */
    public boolean step(long unitsDone, Map<String, Double> known) {
        done = unitsDone;
        numbers = known;
        stopped |= Thread.interrupted();
        if (System.nanoTime() - lastEvent >= QUIET_NANOS) {
            tell(State.RUNNING);
        }
        return !stopped;
    }

    /** Notes how much is done, what is known now and what has been written so far. Returns false once the person asked to stop. */
    public boolean step(long unitsDone, Map<String, Double> known, String written) {
        text = written;
        return step(unitsDone, known);
    }

    /** Returns whether the person asked to stop. */
    public boolean stopped() {
        return stopped;
    }

    /** Ends the work: finished when all units are done, stopped otherwise. */
    @Override
    public void close() {
        Deque<Progress> nested = NESTED.get();
        nested.remove(this);
        if (stopped) {
            nested.forEach(around -> around.stopped = true);
        }
        tell(stopped || (total > 0 && done < total) ? State.STOPPED : State.FINISHED);
    }

    private void tell(State state) {
        lastEvent = System.nanoTime();
        Event event = new Event(work, done, total, unit, numbers, Duration.ofNanos(lastEvent - start), state, text);
        listeners.forEach(listener -> listener.on(event));
    }
}
