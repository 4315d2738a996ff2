// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;

/**
 * One text or pair of texts with what is known about it.
 *
 * @param texts one text, or the two of a pair, as they stood in the data
 * @param label the index of the label in {@link Task#labels()}; −1 when unlabelled
 * @param target the number to predict; not a number when there is none
 */
public record Example(List<String> texts, int label, double target) {

    /** Checks that there are one or two texts and copies them. */
    public Example {
        texts = List.copyOf(texts);
        if (texts.isEmpty() || texts.size() > 2) {
            throw new IllegalArgumentException("texts must be one or two; got " + texts.size());
        }
        if (label < -1) {
            throw new IllegalArgumentException("label must be at least -1; got " + label);
        }
    }

    /** Returns a text with its label. */
    public static Example of(String text, int label) {
        return new Example(List.of(text), label, Double.NaN);
    }
}
