// SPDX-License-Identifier: Apache-2.0
package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import org.jspecify.annotations.Nullable;

/** The running kernel, for code in cells. */
public final class Kernel {

    private Kernel() {}

    /** Returns the running kernel; null in a virtual machine that is not one. */
    public static @Nullable JavaKernel getKernelInstance() {
        return IJava.getKernelInstance();
    }

    /**
     * Runs code as a cell would and returns its last value.
     *
     * @param expression Java and magics
     * @throws Exception what the code throws, or why it cannot be run
     */
    public static @Nullable Object eval(String expression) throws Exception {
        return running().evalRaw(expression);
    }

    /** Returns the running kernel, or says that there is none. */
    static JavaKernel running() {
        JavaKernel kernel = getKernelInstance();
        if (kernel == null) {
            throw new IllegalStateException("no notebook kernel runs in this virtual machine");
        }
        return kernel;
    }
}
