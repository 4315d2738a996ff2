// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

/** The front door: {@code java -jar lamella-kernel.jar install ...} or {@code java -jar lamella-kernel.jar CONNECTION_FILE}. */
public final class Kernel {

    private Kernel() {}

    /**
     * Runs a kernel, or installs one.
     *
     * @param arguments a connection file, or {@code install} and its options
     */
    public static void main(String[] arguments) {
        throw new UnsupportedOperationException("the kernel must be built; got " + arguments.length + " arguments");
    }
}
