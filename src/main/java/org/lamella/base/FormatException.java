// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

/** A file is not what it should be. The message starts with the file, then names the field and what is wrong. */
public final class FormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the message {@code [file] problem}.
     *
     * @param file the file's name, as a person would recognise it
     * @param problem the field, the rule and the value, for instance {@code r must be a positive integer; got "eight"}
     */
    public FormatException(String file, String problem) {
        super("[" + file + "] " + problem);
    }

    /** Makes the same message and keeps what a parser said as the cause. */
    public FormatException(String file, String problem, Throwable cause) {
        super("[" + file + "] " + problem, cause);
    }
}
