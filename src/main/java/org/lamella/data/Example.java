// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;
import java.util.Optional;

/**
 * One text or pair of texts with what is known about it.
 *
 * @param texts one text, or the two of a pair, as they stood in the data; of a generation task the prompt and, where it is
 *     known, its answer
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

    /** Returns a prompt with its answer. */
    public static Example answered(String prompt, String answer) {
        return new Example(List.of(prompt, answer), -1, Double.NaN);
    }

    /** Returns the answer to a prompt, if it is known. */
    public Optional<String> answer() {
        return texts.stream().skip(1).findFirst();
    }

    /** Returns whether the truth of that kind is known. */
    boolean known(Task.Kind kind) {
        return switch (kind) {
            case CLASSIFICATION -> label >= 0;
            case REGRESSION -> !Double.isNaN(target);
            case GENERATION -> answer().isPresent();
        };
    }

    /** Returns what is asked: the texts, without the answer if the truth is one. */
    List<String> asked(Task.Kind kind) {
        return kind == Task.Kind.GENERATION ? texts.subList(0, 1) : texts;
    }

    Example asking(String prompt) {
        return new Example(List.of(prompt), label, target);
    }

    /** Returns a text with its label. */
    public static Example of(String text, int label) {
        return new Example(List.of(text), label, Double.NaN);
    }
}
