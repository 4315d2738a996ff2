// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * How long a download waits, and how often it tries.
 *
 * @param tries how often without a single new byte, before it gives up
 * @param first the wait before the second try; each further one is twice as long
 * @param most the longest wait, also when the hub asks for more
 * @param silence how long an answer, or the next bytes of one, may take
 */
record Patience(int tries, Duration first, Duration most, Duration silence) {

    static final Patience STANDARD =
            new Patience(5, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(30));

    /** Sleeps before the try after the given one, counted from 1; throws what failed when there is none. */
    void waitOrGiveUp(IOException failed, int attempt) throws IOException, InterruptedException {
        boolean stop = Thread.interrupted()
                || failed instanceof InterruptedIOException
                || failed.getCause() instanceof InterruptedException;
        if (stop) {
            throw new InterruptedException("the person stopped it");
        }
        if (attempt >= tries || (failed instanceof Refusal refusal && !refusal.passes())) {
            throw failed;
        }
        Thread.sleep(before(attempt, failed instanceof Refusal refusal ? refusal.wanted() : Duration.ZERO)
                .toMillis());
    }

    private Duration before(int attempt, Duration wanted) {
        Duration own = first.multipliedBy(1L << Math.min(attempt - 1, 10));
        Duration longer = own.compareTo(wanted) > 0 ? own : wanted;
        return longer.compareTo(most) > 0 ? most : longer;
    }
}
