// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.picture.Picture;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * The part of a table that is shown, as texts.
 *
 * @param columns the columns shown, first ones first
 * @param footer how large the whole table is and what is left out
 */
record TableView(List<Shown> columns, String footer) {

    private static final int MOST_ROWS = 20;
    private static final int MOST_COLUMNS = 20;

    /** What stands for a missing value. */
    static final String MISSING = "–";

    /**
     * One column.
     *
     * @param name its title
     * @param type what Tablesaw calls its kind
     * @param number whether it holds numbers, which stand to the right
     * @param cells one text a row; missing values are {@link #MISSING}
     * @param missing whether the cell is missing
     * @param pictures one a row, where the column holds addresses of pictures; else none
     */
    record Shown(
            String name,
            String type,
            boolean number,
            List<String> cells,
            List<Boolean> missing,
            List<Optional<Picture>> pictures) {}

    static TableView of(Table table) {
        int rows = Math.min(MOST_ROWS, table.rowCount());
        boolean cut = table.columnCount() > MOST_COLUMNS;
        int columns = cut ? MOST_COLUMNS - 4 : table.columnCount();
        List<Shown> shown = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            shown.add(shown(table.column(c), rows));
        }
        StringBuilder footer = new StringBuilder();
        footer.append(count(table.rowCount(), "row")).append(" × ").append(count(table.columnCount(), "column"));
        if (rows < table.rowCount()) {
            footer.append(", first ").append(rows).append(" rows shown");
        }
        if (cut) {
            footer.append(", first ").append(columns).append(" columns shown");
        }
        return new TableView(List.copyOf(shown), footer.toString());
    }

    private static String count(int count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    private static Shown shown(Column<?> column, int rows) {
        boolean number = column instanceof NumericColumn<?>;
        boolean whole = number && whole((NumericColumn<?>) column);
        List<String> cells = new ArrayList<>(rows);
        List<Boolean> missing = new ArrayList<>(rows);
        for (int r = 0; r < rows; r++) {
            // Tablesaw cannot tell an empty text from a missing one; a column of dashes would say too much
            boolean none = column.isMissing(r) && !(column instanceof StringColumn);
            missing.add(none);
            cells.add(none ? MISSING : number ? number((NumericColumn<?>) column, r, whole) : text(column, r));
        }
        String type = column.type().name().toLowerCase(Locale.ROOT);
        List<Optional<Picture>> pictures = pictures(column, cells);
        // where a picture lies is nobody's business but this machine's
        for (int r = 0; r < pictures.size(); r++) {
            if (pictures.get(r).isPresent()) {
                cells.set(r, pictures.get(r).get().name());
            }
        }
        return new Shown(column.name(), type, number, List.copyOf(cells), List.copyOf(missing), pictures);
    }

    // a column of texts is one of pictures when all that is shown of it, but empty cells, is their addresses
    private static List<Optional<Picture>> pictures(Column<?> column, List<String> cells) {
        boolean all = column instanceof StringColumn
                && cells.stream().anyMatch(cell -> !cell.isBlank())
                && cells.stream().allMatch(cell -> cell.isBlank() || Picture.isThere(cell));
        return all
                ? cells.stream()
                        .map(cell -> cell.isBlank() ? Optional.<Picture>empty() : Optional.of(Picture.at(cell)))
                        .toList()
                : List.of();
    }

    private static String number(NumericColumn<?> column, int row, boolean whole) {
        // a long keeps all its digits, which a double would not
        return column.type().equals(ColumnType.LONG)
                ? String.valueOf(column.get(row))
                : NumberText.of(column.getDouble(row), whole);
    }

    private static String text(Column<?> column, int row) {
        return String.valueOf(column.get(row));
    }

    private static boolean whole(NumericColumn<?> column) {
        return IntStream.range(0, Math.min(column.size(), 10_000))
                .filter(row -> !column.isMissing(row))
                .mapToDouble(column::getDouble)
                .allMatch(value -> value == Math.rint(value));
    }
}
