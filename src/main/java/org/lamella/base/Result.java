// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import tech.tablesaw.plotly.components.Figure;

/**
 * An outcome of work: numbers as a table, the same numbers as a picture, and what it takes to make them again.
 *
 * <p>Results hold plain Java values, never native memory, so they stay readable after their model is closed. As the last
 * line of a notebook cell a result shows its table and its picture.
 */
public interface Result extends Listing {

    /** Returns the picture of this result. */
    Figure chart();

    /** Returns where this result comes from and how to make it again. */
    Provenance provenance();
}
