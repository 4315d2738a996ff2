// SPDX-License-Identifier: Apache-2.0
package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.jupyter.kernel.magic.registry.UndefinedMagicException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls magics from Java; a magic inside a block or an assignment becomes such a call. */
public final class Magics {

    private Magics() {}

    /**
     * Calls a line magic and returns what it returns.
     *
     * @param name without the percent sign
     * @param args its arguments
     * @param <T> what the caller expects
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // IJava's signature
    public static <T> @Nullable T lineMagic(String name, List<String> args) {
        try {
            return Kernel.running().getMagics().applyLineMagic(name, args);
        } catch (UndefinedMagicException unknown) {
            throw unknown;
        } catch (Exception problem) {
            throw new IllegalStateException("%" + name + " failed: " + problem.getMessage(), problem);
        }
    }

    /**
     * Calls a cell magic and returns what it returns.
     *
     * @param name without the percent signs
     * @param args its arguments
     * @param body what it works on
     * @param <T> what the caller expects
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // IJava's signature
    public static <T> @Nullable T cellMagic(String name, List<String> args, String body) {
        try {
            return Kernel.running().getMagics().applyCellMagic(name, args, body);
        } catch (UndefinedMagicException unknown) {
            throw unknown;
        } catch (Exception problem) {
            throw new IllegalStateException("%%" + name + " failed: " + problem.getMessage(), problem);
        }
    }
}
