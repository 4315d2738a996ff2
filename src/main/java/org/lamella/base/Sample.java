// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

/** The examples something was picked, trained or measured on, as far as honesty needs to know them. */
public interface Sample {

    /** Returns how the sample was made, as code, for instance {@code train.sample(256, 0)}. */
    String name();

    /** Returns the expression that makes the sample again; only its name where nobody knows. */
    default String recipe() {
        return name();
    }

    /** Returns whether the two samples share an example. */
    boolean overlaps(Sample other);
}
