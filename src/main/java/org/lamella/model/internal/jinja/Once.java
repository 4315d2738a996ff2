// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.Iterator;
import java.util.List;

/** A list that can be gone through once, as filters return it; it has no length and is always true. */
record Once(Iterator<Object> rest) {

    static Once of(List<Object> all) {
        return new Once(List.copyOf(all).iterator());
    }
}
