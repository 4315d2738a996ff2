// SPDX-License-Identifier: Apache-2.0
package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import org.jspecify.annotations.Nullable;

/** The running kernel as notebooks see it: basekernel's methods, those of IJava, and two of our own. */
public abstract class JavaKernel extends BaseKernel {

    /** For the kernel itself. */
    protected JavaKernel() {}

    /** Returns the registry of magics; what is added there can be called with a percent sign. */
    public abstract Magics getMagics();

    /**
     * Adds a jar or a folder to the class path of cells.
     *
     * @param path the jar or folder; several are separated as on a class path
     */
    public abstract void addToClasspath(String path);

    /**
     * Runs code as a cell would and returns its last value.
     *
     * @param code Java and magics
     * @throws Exception what the code throws, or why it cannot be run
     */
    public abstract @Nullable Object evalRaw(String code) throws Exception;

    /**
     * Changes what a display shows. Not in IJava, where {@code getIO().display.updateDisplay} does it (here too).
     *
     * @param id what {@code display} returned
     * @param data what it shows from now on
     */
    public abstract void updateDisplay(String id, DisplayData data);

    /**
     * Removes the output of the running cell. Not in IJava.
     *
     * @param wait true to do so only when the next output comes, which does not flicker
     */
    public abstract void clearOutput(boolean wait);
}
