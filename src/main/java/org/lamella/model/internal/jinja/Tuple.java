// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.List;

/** A list in round brackets, which is not equal to one in square brackets. */
record Tuple(List<Object> all) {

    Tuple {
        all = List.copyOf(all);
    }

    static Tuple of(Object... all) {
        return new Tuple(List.of(all));
    }
}
