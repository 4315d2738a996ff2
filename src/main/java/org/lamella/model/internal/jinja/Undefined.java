// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/**
 * What a name or a field stands for that is not there: empty as a text and as a list, and refused in all else.
 *
 * @param why in Jinja's words, for errors
 */
record Undefined(String why) {

    Refusal refusal() {
        return new Refusal(why);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 1;
    }
}
