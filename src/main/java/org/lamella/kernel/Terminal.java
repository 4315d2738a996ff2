// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.io.PrintStream;

/** The streams the process was started with, which the server shows in its own terminal. */
final class Terminal {

    private static final PrintStream ERR = System.err;
    private static final PrintStream OUT = System.out;

    private Terminal() {}

    /** Prints a line for who runs the server. */
    static void print(String line) {
        ERR.println("[lamella-kernel] " + line);
    }

    /** Prints a line for who typed the command. */
    static void answer(String line) {
        OUT.println(line);
    }
}
