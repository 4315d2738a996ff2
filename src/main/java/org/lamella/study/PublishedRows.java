// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the paper's tables as they stand in our source: a row a line, cells between bars, numbers between blanks. */
final class PublishedRows {

    private PublishedRows() {}

    static <T> List<T> read(String rows, Function<String[], T> row) {
        return rows.lines()
                .map(line -> row.apply(line.strip().split("\\|", -1)))
                .toList();
    }

    static List<Double> numbers(String cell) {
        return Stream.of(cell.split(" ", -1)).map(Double::parseDouble).toList();
    }
}
