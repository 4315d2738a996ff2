// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import java.io.IOException;
import java.time.Duration;

/** The hub answered, but not with the file. */
final class Refusal extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean passing;
    private final Duration wait;

    private Refusal(String message, boolean passing, Duration wait) {
        super(message);
        this.passing = passing;
        this.wait = wait;
    }

    /** Returns a refusal that asking again will not change. */
    static Refusal lasting(String message) {
        return new Refusal(message, false, Duration.ZERO);
    }

    /** Returns a refusal that may be gone after some time, at least the given one. */
    static Refusal passing(String message, Duration wait) {
        return new Refusal(message, true, wait);
    }

    boolean passes() {
        return passing;
    }

    Duration wanted() {
        return wait;
    }
}
