// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

/**
 * A whole number that a rule chose by looking at a sample, for instance a boundary. Whoever uses it remembers the sample,
 * so that a result reported on the same examples can warn.
 *
 * @param value the number that was chosen
 * @param rule the rule and what it found, as a person reads it
 * @param pickedOn the examples that were looked at
 */
public record Choice(int value, String rule, Sample pickedOn) {

    /** Returns the expression that makes it again. */
    public String recipe() {
        return "new Choice(" + value + ", " + Names.quoted(rule) + ", " + pickedOn.recipe() + ")";
    }

    /** Returns the number with its rule, for instance {@code 4 (lowest loss on validation)}. */
    @Override
    public String toString() {
        return value + " (" + rule + " on " + pickedOn.name() + ")";
    }
}
