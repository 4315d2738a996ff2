// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the examples of a task lie in files.
 *
 * @param folder the folder that the publisher's archive unpacks to; empty for none
 * @param format {@code orange}, {@code csv}, {@code tsv}, {@code jsonl}, {@code parquet}, or {@code lines}
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
     */
    record Portion(List<String> files, Optional<String> otherwise, List<String> header, OptionalInt examples) {

        Portion {
            files = List.copyOf(files);
            header = List.copyOf(header);
        }
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
