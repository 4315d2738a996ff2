// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.lamella.base.FormatException;
import org.lamella.base.Names;
import tech.tablesaw.api.Table;

/**
 * Cells of text under named columns, wherever they came from. A missing cell is an empty text.
 *
 * @param place the file or table, as a person would recognise it
 * @param columns the names of the columns, all different
 * @param rows the cells of each row in the order of the columns
 */
record Grid(String place, List<String> columns, List<Row> rows) {

    /**
     * One row.
     *
     * @param where its place in the source, for messages: {@code line 17} or {@code row 16}
     * @param cells its cells
     */
    record Row(String where, List<String> cells) {}

    Grid {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        if (new HashSet<>(columns).size() != columns.size()) {
            throw new FormatException(place, "columns must all be different; got " + String.join(", ", columns));
        }
    }

    /** Returns the cells of a table, each as text without formatting; rows count from 1. */
    static Grid of(Table table) {
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < table.rowCount(); r++) {
            List<String> cells = new ArrayList<>();
            for (int c = 0; c < table.columnCount(); c++) {
                cells.add(table.column(c).isMissing(r) ? "" : table.column(c).getUnformattedString(r));
            }
            rows.add(new Row("row " + (r + 1), cells));
        }
        return new Grid("table " + title(table), table.columnNames(), rows);
    }

    /** Returns the name of a table; one without a name, as Tablesaw allows, is called {@code unnamed}. */
    static String title(Table table) {
        String name = table.name();
        return name == null || name.isBlank() ? "unnamed" : name;
    }

    /** Returns this grid with the cells of a column changed. */
    Grid with(int column, UnaryOperator<String> change) {
        return new Grid(
                place,
                columns,
                rows.stream()
                        .map(row -> {
                            List<String> cells = new ArrayList<>(row.cells());
                            cells.set(column, change.apply(cells.get(column)));
                            return new Row(row.where(), List.copyOf(cells));
                        })
                        .toList());
    }

    /** Returns the place of a column among the columns; an unknown one is an error that names the near ones. */
    int column(String role, String name) {
        int at = columns.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException(role + " must name a column of " + place + " ("
                    + String.join(", ", columns) + "); got \"" + name + "\"" + Names.didYouMean(name, columns));
        }
        return at;
    }
}
