// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/**
 * What can be called.
 *
 * @param name for errors
 * @param body what it does
 */
record Callable(String name, Body body) {

    /** What is done in a call. */
    @FunctionalInterface
    interface Body {
        Object of(Given given);
    }

    Object call(Given given) {
        return body.of(given);
    }

    /** Returns what Python has and this renderer refuses when it is called. */
    static Callable unknown(String name) {
        return new Callable(name, given -> {
            throw Refusal.unknown("'" + name + "'");
        });
    }
}
