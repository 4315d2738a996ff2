// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamella.base.picture.Picture;

/**
 * One text or pair of texts, and pictures where there are some, with what is known about it.
 *
 * @param texts one text, or the two of a pair, as they stood in the data; of a generation task the prompt and, where it is
 *     known, its answer; of a picture without a text its name
 * @param label the index of the label in {@link Task#labels()}; −1 when unlabelled
 * @param target the number to predict; not a number when there is none
 * @param pictures in the order of their marks in the prompt
 */
public record Example(List<String> texts, int label, double target, List<Picture> pictures) {

    /** Checks that there are one or two texts and copies the lists. */
    public Example {
        texts = List.copyOf(texts);
        pictures = List.copyOf(pictures);
        if (texts.isEmpty() || texts.size() > 2) {
            throw new IllegalArgumentException("texts must be one or two; got " + texts.size());
        }
        if (label < -1) {
            throw new IllegalArgumentException("label must be at least -1; got " + label);
        }
    }

    /** Makes an example without pictures. */
    public Example(List<String> texts, int label, double target) {
        this(texts, label, target, List.of());
    }

    /** Returns this example with pictures. */
    public Example pictures(List<Picture> some) {
        return new Example(texts, label, target, some);
    }

    /** Returns this example with a picture. */
    public Example picture(Picture one) {
        return pictures(List.of(one));
    }

    /** Returns a picture with its label. */
    public static Example of(Picture picture, int label) {
        return of(picture.name(), label).picture(picture);
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

    /** Returns what is asked: the texts, without the answer if the truth is one, and where the pictures are. */
    List<String> asked(Task.Kind kind) {
        return withPictures(kind == Task.Kind.GENERATION ? texts.subList(0, 1) : texts);
    }

    /** Returns what makes examples the same: texts and pictures. */
    List<String> identity() {
        return withPictures(texts);
    }

    /** Returns what must not be on both sides of a division: the pictures, else what is asked. */
    List<String> shown(Task.Kind kind) {
        return pictures.isEmpty() ? asked(kind) : withPictures(List.of());
    }

    private List<String> withPictures(List<String> some) {
        if (pictures.isEmpty()) {
            return some;
        }
        List<String> all = new ArrayList<>(some);
        pictures.forEach(picture -> all.add(picture.address()));
        return all;
    }

    /** Returns this example with another prompt, and without its answer. */
    Example asking(String prompt) {
        return new Example(List.of(prompt), label, target, pictures);
    }

    /** Returns a text with its label. */
    public static Example of(String text, int label) {
        return new Example(List.of(text), label, Double.NaN);
    }
}
