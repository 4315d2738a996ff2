// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * How large a batch is, which decides what it costs.
 *
 * @param examples B, the number of examples
 * @param columns T, the tokens of the longest example
 * @param tokens N, the real tokens of all examples
 */
public record BatchShape(int examples, int columns, int tokens) {

    /** Checks that the tokens fit into the grid. */
    public BatchShape {
        if (examples < 1 || columns < 1 || tokens < examples || tokens > (long) examples * columns) {
            throw new IllegalArgumentException("tokens must be " + examples + " to " + examples + " x " + columns
                    + ", one to all places of the grid; got " + tokens);
        }
    }

    /** Returns the shape of examples of one length. */
    public static BatchShape even(int examples, int tokens) {
        return new BatchShape(examples, tokens, Math.multiplyExact(examples, tokens));
    }
}
