// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lamella.base.FormatException;

/**
 * Reads lines of cells and changes nothing in them: no guessing of types, no trimming, no words that mean "missing".
 *
 * <p>CSV as RFC 4180 has it: a cell that begins with a quote ends with the next single one, and may hold commas, line
 * ends and doubled quotes. TSV has no quotes: a cell is what stands between two tabs. Orange's {@code .tab} quotes as CSV
 * does and has three header lines: names, types, roles. Blank lines are skipped.
 */
final class Delimited {

    private static final Set<String> ORANGE_TYPES =
            Set.of("", "c", "continuous", "d", "discrete", "s", "string", "text", "t", "time", "basket");

    private final String place;
    private final String text;
    private final char separator;
    private final boolean quotes;
    private int at;
    private int line = 1;

    private Delimited(String place, String text, char separator, boolean quotes) {
        this.place = place;
        this.text = text;
        this.separator = separator;
        this.quotes = quotes;
    }

    static Grid csv(String place, String text) {
        return new Delimited(place, text, ',', true).grid(0);
    }

    static Grid tsv(String place, String text) {
        return new Delimited(place, text, '\t', false).grid(0);
    }

    static Grid orange(String place, String text) {
        return new Delimited(place, text, '\t', true).grid(2);
    }

    /** Returns whether the second line holds nothing but the names of Orange's types. */
    static boolean looksLikeOrange(String text) {
        String[] lines = text.split("\r?\n", 4);
        if (lines.length < 3 || lines[1].isBlank()) {
            return false;
        }
        return List.of(lines[1].split("\t", -1)).stream().allMatch(ORANGE_TYPES::contains);
    }

    private Grid grid(int headerLinesToSkip) {
        if (text.isBlank()) {
            throw new FormatException(place, "file must begin with a line of column names; got an empty file");
        }
        List<String> columns = record();
        for (int i = 0; i < headerLinesToSkip; i++) {
            record();
        }
        List<Grid.Row> rows = new ArrayList<>();
        while (at < text.length()) {
            int first = line;
            List<String> cells = record();
            if (cells.size() == 1 && cells.get(0).isBlank() && columns.size() > 1) {
                continue;
            }
            if (cells.size() != columns.size()) {
                throw new FormatException(
                        place,
                        "line " + first + " must have " + columns.size() + " cells, as the header; got "
                                + cells.size());
            }
            rows.add(new Grid.Row("line " + first, List.copyOf(cells)));
        }
        return new Grid(place, columns, rows);
    }

    private List<String> record() {
        List<String> cells = new ArrayList<>();
        while (true) {
            cells.add(quotes && at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at >= text.length()) {
                return cells;
            }
            char end = text.charAt(at++);
            if (end == separator) {
                continue;
            }
            line++;
            if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            return cells;
        }
    }

    private String plain() {
        int start = at;
        while (at < text.length() && !endsCell(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        int first = line;
        StringBuilder cell = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                cell.append(c);
                line += c == '\n' ? 1 : 0;
            } else if (at < text.length() && text.charAt(at) == '"') {
                cell.append(text.charAt(at++));
            } else {
                requireEndOfCell(first);
                return cell.toString();
            }
        }
        throw new FormatException(place, "the quote that begins in line " + first + " must end; got the file's end");
    }

    private void requireEndOfCell(int first) {
        if (at < text.length() && !endsCell(text.charAt(at))) {
            throw new FormatException(
                    place,
                    "the quote that begins in line " + first + " must end its cell, with quotes inside doubled; got '"
                            + text.charAt(at) + "' after it in line " + line);
        }
    }

    private boolean endsCell(char c) {
        return c == separator || c == '\n' || c == '\r';
    }
}
