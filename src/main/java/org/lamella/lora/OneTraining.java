// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.concurrent.Semaphore;

/**
 * Lets one training run at a time. libtorch has one random stream a process: two trainings would draw their dropout from
 * it in turns, and neither could be repeated.
 */
final class OneTraining implements AutoCloseable {

    private static final Semaphore FREE = new Semaphore(1);
    private static volatile String thread = "";

    private OneTraining() {}

    /** Begins a training; throws when another one has begun and not ended. */
    static OneTraining begin() {
        if (!FREE.tryAcquire()) {
            throw new IllegalStateException("training must be the only one in this JVM, which has one random stream;"
                    + " got a second in thread \"" + Thread.currentThread().getName() + "\" while thread \"" + thread
                    + "\" trains");
        }
        thread = Thread.currentThread().getName();
        return new OneTraining();
    }

    /** Ends it. */
    @Override
    public void close() {
        FREE.release();
    }
}
