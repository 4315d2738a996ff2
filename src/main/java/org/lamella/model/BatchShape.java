// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * How large a batch is, which decides what it costs.
 *
 * @param examples B, the number of examples
 * @param columns T, the tokens of the longest example
 * @param tokens N, the real tokens of all examples
 * @param read R, the tokens whose last state the head reads: one of each example, or those before the words of an answer
 */
public record BatchShape(int examples, int columns, int tokens, int read) {

    /** Checks that the tokens fit into the grid, and that what is read is among them. */
    public BatchShape {
        if (examples < 1 || columns < 1 || tokens < examples || tokens > (long) examples * columns) {
            throw new IllegalArgumentException("tokens must be " + examples + " to " + examples + " x " + columns
                    + ", one to all places of the grid; got " + tokens);
        }
        if (read < 1 || read > tokens) {
            throw new IllegalArgumentException("read must be 1 to " + tokens + ", the number of tokens; got " + read);
        }
    }

    /** Returns the shape of examples of one length, of each of which the head reads one token. */
    public static BatchShape even(int examples, int tokens) {
        return new BatchShape(examples, tokens, Math.multiplyExact(examples, tokens), examples);
    }

    /** Returns this shape with a head that reads so many tokens of each example. */
    public BatchShape reading(int ofEach) {
        return new BatchShape(examples, columns, tokens, Math.multiplyExact(examples, ofEach));
    }
}
