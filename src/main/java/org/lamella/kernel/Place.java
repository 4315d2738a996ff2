// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

/**
 * Where a statement was typed.
 *
 * @param source {@code cell [3]}, or the name of a file
 * @param line the line there on which the statement starts; the first is 1
 */
record Place(String source, int line) {

    /** Returns the place some lines further down; line 1 is this one. */
    Place at(int lineOfStatement) {
        return new Place(source, line + Math.max(lineOfStatement, 1) - 1);
    }

    @Override
    public String toString() {
        return source + ", line " + line;
    }
}
