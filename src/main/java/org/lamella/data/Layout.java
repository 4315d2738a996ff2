// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.lamella.base.FormatException;

/**
 * How the examples of a task lie in files.
 *
 * @param folder the folder that the publisher's archive unpacks to; empty for none
 * @param format {@code orange}, {@code csv}, {@code tsv}, {@code jsonl}, {@code json}, {@code xml}, {@code parquet},
 *     {@code dart}, {@code webnlg}, {@code scienceqa}, or {@code lines}
 * @param columns the columns of text and truth
 * @param dropsBroken whether lines that end too early are dropped, as the hub did, instead of being an error
 * @param portions the published parts by their names
 */
record Layout(String folder, String format, Columns columns, boolean dropsBroken, Map<String, Portion> portions) {

    /**
     * A part of a task that files hold.
     *
     * @param files the names of the files, read one after another
     * @param otherwise the file that serves when the first is not there; a person's folder only
     * @param header the names of the columns, where the file begins without them
     * @param examples how many examples are read, empty texts not counted; nothing where the card does not say
     * @param rows which rows of the file are this part; a person's folder only, nothing for all
     * @param within the folder inside an archive that is this part; empty for all of it
     * @param pictures where the picture of a cell lies below the folder, with {@code {}} for the cell; empty for none
     */
    record Portion(
            List<String> files,
            Optional<String> otherwise,
            List<String> header,
            OptionalInt examples,
            Optional<Rows> rows,
            String within,
            String pictures) {

        Portion {
            files = List.copyOf(files);
            header = List.copyOf(header);
        }

        /** Returns a grid whose cells of pictures are addresses. */
        Grid placed(Grid grid, Columns columns, Path folder) {
            if (pictures.isEmpty() || columns.picture().isEmpty()) {
                return grid;
            }
            int at = grid.column("image", columns.picture());
            return grid.with(
                    at,
                    cell -> cell.isBlank()
                            ? cell
                            : folder.resolve(pictures.replace("{}", cell)).toString());
        }
    }

    /**
     * Rows of a file that holds several parts one after another.
     *
     * @param first the first row, from 1
     * @param last the last row
     */
    record Rows(int first, int last) {

        Grid of(Grid grid) {
            if (first < 1 || last < first || grid.rows().size() < last) {
                throw new FormatException(
                        grid.place(),
                        "file must hold rows " + first + " to " + last + "; got "
                                + grid.rows().size());
            }
            return new Grid(grid.place(), grid.columns(), grid.rows().subList(first - 1, last));
        }
    }

    /** Returns the part whose files must be there: what is learnt from, or of a task that only tests, the test. */
    String principal() {
        return portions.containsKey("train") ? "train" : "test";
    }

    /** Returns the part of that name, which the card has. */
    Portion portion(String name) {
        Portion portion = portions.get(name);
        if (portion == null) {
            throw new IllegalArgumentException("part must be one of " + portions.keySet() + "; got " + name);
        }
        return portion;
    }
}
