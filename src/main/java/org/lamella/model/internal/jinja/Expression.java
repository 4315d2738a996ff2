// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/** What gives a value. */
@FunctionalInterface
interface Expression {

    Object of(Frame frame);

    /** A quoted text or number that stands alone, which is the same in every frame. */
    static Expression always(Object value) {
        return frame -> value;
    }
}
