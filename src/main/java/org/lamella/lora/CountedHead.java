// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import org.lamella.model.Head;
import org.lamella.model.HeadShape;
import org.lamella.model.Transformer;

/**
 * The head of a step that is counted: a new one that gives some numbers for each text, or the matrix of words, which is
 * asked once for each token of an answer.
 *
 * @param words whether it is the matrix of words
 * @param number how many numbers it gives, or how many tokens an answer has
 */
record CountedHead(boolean words, int number) {

    /** Returns what a training of this model has when nobody says: its own head's outputs, else every token, else 2. */
    static CountedHead of(Transformer model, int tokens) {
        if (model.head().isPresent() || !model.writes()) {
            return new CountedHead(false, model.head().map(Head::outputs).orElse(2));
        }
        return new CountedHead(true, Math.max(1, tokens - 1));
    }

    /** Returns the matrices. */
    HeadShape shape(Transformer model, boolean pooler) {
        return words ? model.wordsShape() : model.headShape(number, pooler);
    }

    /** Returns how many tokens of each text the head reads. */
    int read() {
        return words ? number : 1;
    }

    /** Returns the call that says this head. */
    String recipe() {
        return (words ? ".answers(" : ".outputs(") + number + ")";
    }
}
