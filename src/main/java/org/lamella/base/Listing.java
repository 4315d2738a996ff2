// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.function.Supplier;
import tech.tablesaw.api.Table;

/** Something a person looks at as a table: the last line of a notebook cell shows it. */
public interface Listing {

    /** Returns what this is, row by row. The table is new on each call and may be changed freely. */
    Table table();

    /** Returns a listing whose table is made anew each time; as a text it is the table's first rows. */
    static Listing of(Supplier<Table> table) {
        return new Listing() {
            @Override
            public Table table() {
                return table.get();
            }

            @Override
            public String toString() {
                return table().print();
            }
        };
    }
}
