// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream that brings nothing for too long, so that the thread that reads it does not wait for ever. */
final class StallWatch implements AutoCloseable {

    private final InputStream stream;
    private final long silence;
    private final Thread watcher;
    private volatile long lastSign = System.nanoTime();
    private volatile boolean stalled;

    private StallWatch(InputStream stream, Duration silence) {
        this.stream = stream;
        this.silence = silence.toNanos();
        this.watcher = new Thread(this::watch, "lamella-download-watch");
        watcher.setDaemon(true);
    }

    static StallWatch over(InputStream stream, Duration silence) {
        StallWatch watch = new StallWatch(stream, silence);
        watch.watcher.start();
        return watch;
    }

    /** Notes that bytes came. */
    void sign() {
        lastSign = System.nanoTime();
    }

    boolean stalled() {
        return stalled;
    }

    private void watch() {
        try {
            while (true) {
                long left = silence - (System.nanoTime() - lastSign);
                if (left <= 0) {
                    stalled = true;
                    stream.close();
                    return;
                }
                Thread.sleep(Duration.ofNanos(left).toMillis() + 1);
            }
        } catch (InterruptedException | IOException e) {
            // the download has ended, or its stream is closed already
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
