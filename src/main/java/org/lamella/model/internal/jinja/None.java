// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
