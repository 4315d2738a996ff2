// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.List;

/** A cell that did not end well, in the words of the protocol. */
final class CellFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final String name;
    private final transient List<String> traceback;

    /**
     * Makes a failure.
     *
     * @param name what happened, as the class of an exception
     * @param message one sentence
     * @param traceback the lines that are shown
     */
    CellFailure(String name, String message, List<String> traceback) {
        super(message, null, false, false);
        this.name = name;
        this.traceback = List.copyOf(traceback);
    }

    String name() {
        return name;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    List<String> traceback() {
        return traceback;
    }
}
