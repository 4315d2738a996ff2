// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.Optional;
import java.util.stream.IntStream;

/** Says of examples whether what is to be predicted is known, before somebody works for minutes without it. */
public final class Truth {

    private Truth() {}

    /**
     * Makes sure that a split holds an example, and that each has its label, target or answer.
     *
     * @param purpose what the truth is for, as it ends the rule in the message: {@code to be measured}
     */
    public static void require(Split split, String purpose) {
        if (split.size() == 0) {
            throw new IllegalArgumentException(
                    "split must hold at least one example " + purpose + "; got " + split.name() + " with 0");
        }
        missing(split, purpose).ifPresent(message -> {
            throw new IllegalArgumentException(message);
        });
    }

    /** Returns what {@link #require} would say of a split that holds an example; empty when each has its truth. */
    public static Optional<String> missing(Split split, String purpose) {
        int[] without =
                IntStream.range(0, split.size()).filter(i -> !split.known(i)).toArray();
        return without.length == 0
                ? Optional.empty()
                : Optional.of("every example must have its "
                        + split.task().kind().truth() + " " + purpose + "; got "
                        + without.length + " of " + split.size() + " in " + split.name() + " without, the first at "
                        + without[0]);
    }
}
