// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import tech.tablesaw.api.Table;

/** Something a person looks at as a table: the last line of a notebook cell shows it. */
public interface Listing {

    /** Returns what this is, row by row. The table is new on each call and may be changed freely. */
    Table table();
}
