// SPDX-License-Identifier: Apache-2.0
package io.github.spencerpark.ijava;

import org.jspecify.annotations.Nullable;
import org.lamella.kernel.Kernel;

/** Names of environment variables, and the running kernel. */
public final class IJava {

    /** Variable with options for javac. */
    public static final String COMPILER_OPTS_KEY = "IJAVA_COMPILER_OPTS";

    /** Variable with the time that one statement may take. */
    public static final String TIMEOUT_DURATION_KEY = "IJAVA_TIMEOUT";

    /** Variable with the class path of cells. */
    public static final String CLASSPATH_KEY = "IJAVA_CLASSPATH";

    /** Variable with the files that run before the first cell. */
    public static final String STARTUP_SCRIPTS_KEY = "IJAVA_STARTUP_SCRIPTS_PATH";

    /** Variable with code that runs before the first cell. */
    public static final String STARTUP_SCRIPT_KEY = "IJAVA_STARTUP_SCRIPT";

    /** The IJava whose names and behaviour are kept. */
    public static final String VERSION = "1.3.0";

    private IJava() {}

    /** Returns the running kernel; null in a virtual machine that is not one. */
    public static @Nullable JavaKernel getKernelInstance() {
        return Kernel.running().orElse(null);
    }
}
