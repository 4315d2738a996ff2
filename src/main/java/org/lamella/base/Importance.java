// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What each layer of a model was worth to the measure that picked layers, as plain values, so that whoever uses the layers
 * can write down why these.
 *
 * @param measure the measure's name, for instance {@code cka}
 * @param sample the name of the sample it was computed on
 * @param values one number a layer, layer 0 first, the larger the more important; not a number where undefined
 */
public record Importance(String measure, String sample, List<Double> values) {

    /** Copies the values. */
    public Importance {
        values = List.copyOf(values);
    }

    /** Returns one line, for instance {@code cka on train.sample(256, 0): 0.1200, 0.0345, undefined}. */
    @Override
    public String toString() {
        return measure + " on " + sample + ": "
                + values.stream()
                        .map(value -> value.isNaN() ? "undefined" : String.format(Locale.ROOT, "%.4g", value))
                        .collect(Collectors.joining(", "));
    }
}
