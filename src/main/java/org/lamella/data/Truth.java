// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Says of examples whether what is to be predicted is known, before somebody works for minutes without it. */
public final class Truth {

    private Truth() {}

    /**
     * Makes sure that a split holds an example, and that each has its label or target.
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
        boolean numbers = split.task().kind() == Task.Kind.REGRESSION;
        List<Example> examples = split.examples();
        int[] without = IntStream.range(0, examples.size())
                .filter(i -> numbers
                        ? Double.isNaN(examples.get(i).target())
                        : examples.get(i).label() < 0)
                .toArray();
        return without.length == 0
                ? Optional.empty()
                : Optional.of("every example must have its " + (numbers ? "target" : "label") + " " + purpose + "; got "
                        + without.length + " of " + examples.size() + " in " + split.name() + " without, the first at "
                        + without[0]);
    }
}
