// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Collects what cells print and hands it on in few messages: after a moment, when there is much, before any other message,
 * and when the other stream is written. A message per line loses lines and takes seconds for twenty thousand of them.
 */
final class CellOutput {

    /** Where text goes. */
    @FunctionalInterface
    interface Sink {

        /**
         * Takes a piece of text.
         *
         * @param stream {@code stdout} or {@code stderr}
         * @param text whole characters
         */
        void accept(String stream, String text);
    }

    private static final int FULL = 1 << 16;
    private static final long QUIET_MILLIS = 40;

    private final Sink sink;
    private final Object lock = new Object();
    private final Buffer out = new Buffer("stdout");
    private final Buffer err = new Buffer("stderr");
    private boolean held = true;

    CellOutput(Sink sink) {
        this.sink = sink;
    }

    /** Returns the stream that becomes {@code System.out}. */
    PrintStream out() {
        return new PrintStream(out, false, StandardCharsets.UTF_8);
    }

    /** Returns the stream that becomes {@code System.err}. */
    PrintStream err() {
        return new PrintStream(err, false, StandardCharsets.UTF_8);
    }

    /** Hands on what has been collected so far. */
    void flush() {
        synchronized (lock) {
            out.drain();
            err.drain();
        }
    }

    /** Ends the wait for the first cell: what was printed before has no cell to appear under. */
    void release() {
        synchronized (lock) {
            held = false;
            lock.notifyAll();
        }
    }

    /** Starts the thread that hands text on a moment after it was printed. */
    void start() {
        Thread timer = new Thread(this::flushNowAndThen, "lamella-output");
        timer.setDaemon(true);
        timer.start();
    }

    private void flushNowAndThen() {
        try {
            while (true) {
                synchronized (lock) {
                    while (held || (out.length == 0 && err.length == 0)) {
                        lock.wait();
                    }
                }
                Thread.sleep(QUIET_MILLIS);
                flush();
            }
        } catch (InterruptedException stop) {
            flush();
        }
    }

    /** One of the two streams. */
    private final class Buffer extends OutputStream {
        private final String name;
        private byte[] bytes = new byte[8192];
        private int length;

        Buffer(String name) {
            this.name = name;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int count) {
            synchronized (lock) {
                (this == out ? err : out).drain();
                if (length + count > bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
                }
                System.arraycopy(source, offset, bytes, length, count);
                boolean first = length == 0;
                length += count;
                if (length >= FULL) {
                    drain();
                } else if (first) {
                    lock.notifyAll();
                }
            }
        }

        private void drain() {
            int whole = length - unfinishedCharacter();
            if (held || whole == 0) {
                return;
            }
            String text = new String(bytes, 0, whole, StandardCharsets.UTF_8);
            System.arraycopy(bytes, whole, bytes, 0, length - whole);
            length -= whole;
            sink.accept(name, text);
        }

        /** Returns how many bytes at the end are the start of a UTF-8 character whose rest has not come yet. */
        private int unfinishedCharacter() {
            for (int back = 1; back <= Math.min(3, length); back++) {
                int value = bytes[length - back] & 0xff;
                if (value < 0x80) {
                    return 0;
                }
                if (value >= 0xc0) {
                    int needed = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
                    return back < needed ? back : 0;
                }
            }
            return 0;
        }
    }
}
