// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.time.Duration;

/**
 * How much a program in a {@link CodeSandbox} may use. It is always one process with one thread.
 *
 * @param time how long it may run, in whole seconds from 1 to 3,600; both by the clock and of the processor
 * @param memory how many bytes its address space may have, at least 64 MiB
 * @param disk how many bytes its {@code /tmp} holds, at least 4 KiB, and one file or folder for each 4 KiB, at least 16;
 *     they are memory, too
 * @param output how many bytes it may print, on both of its outputs together, at least 1
 */
public record CodeLimits(Duration time, long memory, long disk, int output) {

    private static final long MIB = 1L << 20;

    /** Makes sure that a program can run at all. */
    public CodeLimits {
        require(
                time.getSeconds() >= 1 && time.getSeconds() <= 3600 && time.getNano() == 0,
                "time must be 1 to 3600 whole seconds",
                time);
        require(memory >= 64 * MIB, "memory must be at least 67108864 bytes", memory);
        require(disk >= 4096, "disk must be at least 4096 bytes", disk);
        require(output >= 1, "output must be at least 1 byte", output);
    }

    private static void require(boolean holds, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + "; got " + value);
        }
    }

    /** Returns 10 seconds, 512 MiB of memory, 16 MiB of disk and 64 KiB of output. */
    public static CodeLimits standard() {
        return new CodeLimits(Duration.ofSeconds(10), 512 * MIB, 16 * MIB, 1 << 16);
    }

    /** Returns the same with another time. */
    public CodeLimits time(Duration time) {
        return new CodeLimits(time, memory, disk, output);
    }

    /** Returns the same with another amount of memory, in bytes. */
    public CodeLimits memory(long bytes) {
        return new CodeLimits(time, bytes, disk, output);
    }
}
