// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

/**
 * The rectangle between the axes, in CSS pixels from the top left corner.
 *
 * @param left where it begins
 * @param top where it begins
 * @param right where it ends
 * @param bottom where it ends
 */
record Frame(double left, double top, double right, double bottom) {

    double width() {
        return right - left;
    }

    double height() {
        return bottom - top;
    }
}
