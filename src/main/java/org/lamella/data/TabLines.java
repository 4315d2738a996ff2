// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/**
 * Reads files of tab-separated lines one line at a time and keeps only the columns of a task: the largest of GLUE has
 * 380 MB, most of it parse trees. Quotes are characters like any other. Also packed as {@code .gz}.
 *
 * <p>A line that ends before a column of the task is broken: an error, or dropped and counted where the publisher's file
 * is known to have such lines. Cells beyond the header are ignored and counted, as on Hugging Face's hub.
 */
final class TabLines {

    private static final int MOST_LINES_NAMED = 5;

    /**
     * What a file held.
     *
     * @param grid the columns of texts and truth
     * @param notes what reading did to the rows, one sentence each
     */
    record Read(Grid grid, List<String> notes) {}

    private final Path path;
    private final List<String> wanted;
    private final String truth;
    private final boolean dropBroken;
    private final List<Grid.Row> rows = new ArrayList<>();
    private final List<Integer> broken = new ArrayList<>();
    private int longer;

    private TabLines(Path path, Columns columns, boolean dropBroken) {
        this.path = path;
        this.wanted = new ArrayList<>(columns.texts());
        this.truth = columns.truth();
        this.dropBroken = dropBroken;
        wanted.add(truth);
    }

    /**
     * Reads a file.
     *
     * @param path where it is
     * @param columns the columns to keep
     * @param header the names of its columns when its first line does not hold them; else empty
     * @param mayLackTruth whether the column of the truth may be missing: then no example has one
     * @param dropBroken whether broken lines are dropped
     */
    static Read read(Path path, Columns columns, List<String> header, boolean mayLackTruth, boolean dropBroken) {
        TabLines lines = new TabLines(path, columns, dropBroken);
        try (BufferedReader in = open(path)) {
            lines.readAll(in, header, mayLackTruth);
        } catch (CharacterCodingException e) {
            throw new FormatException(path.toString(), "bytes must be UTF-8; got others after " + lines.lastLine(), e);
        } catch (ZipException e) {
            throw new FormatException(path.toString(), "bytes must be gzip; " + e.getMessage(), e);
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
        return new Read(new Grid(path.toString(), lines.wanted, lines.rows), lines.notes());
    }

    private static BufferedReader open(Path path) throws IOException {
        InputStream in = Files.newInputStream(path);
        try {
            boolean packed = path.toString().endsWith(".gz");
            return new BufferedReader(new InputStreamReader(
                    packed ? new GZIPInputStream(in) : in,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private String lastLine() {
        return rows.isEmpty() ? "line 1" : rows.get(rows.size() - 1).where();
    }

    private void readAll(BufferedReader in, List<String> header, boolean mayLackTruth) throws IOException {
        int number = 0;
        List<String> names = header;
        int[] at = names.isEmpty() ? new int[0] : places(names, mayLackTruth);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (names.isEmpty()) {
                names = List.of(text.split("\t", -1));
                at = places(names, mayLackTruth);
            } else if (!text.isBlank()) {
                keep(number, text.split("\t", -1), names.size(), at);
            }
        }
        if (names.isEmpty()) {
            throw new FormatException(
                    path.toString(), "file must begin with a line of column names; got an empty file");
        }
    }

    /** Returns where the wanted columns are; −1 for a truth that is not there and need not be. */
    private int[] places(List<String> names, boolean mayLackTruth) {
        int[] at = wanted.stream().mapToInt(names::indexOf).toArray();
        for (int i = 0; i < at.length; i++) {
            boolean needless = mayLackTruth && wanted.get(i).equals(truth);
            if (at[i] < 0 && !needless) {
                throw new FormatException(
                        path.toString(), "columns must hold " + wanted.get(i) + "; got " + String.join(", ", names));
            }
        }
        return at;
    }

    private void keep(int number, String[] cells, int columns, int[] at) {
        List<String> kept = new ArrayList<>();
        for (int place : at) {
            if (place >= cells.length) {
                dropOrThrow(number, cells.length, columns);
                return;
            }
            kept.add(place < 0 ? "" : cells[place]);
        }
        longer += cells.length > columns ? 1 : 0;
        rows.add(new Grid.Row("line " + number, List.copyOf(kept)));
    }

    private void dropOrThrow(int number, int cells, int columns) {
        if (!dropBroken) {
            throw new FormatException(
                    path.toString(),
                    "line " + number + " must have " + columns + " cells, as the header; got " + cells);
        }
        broken.add(number);
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!broken.isEmpty()) {
            String named =
                    broken.stream().limit(MOST_LINES_NAMED).map(String::valueOf).collect(Collectors.joining(", "));
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d broken %s dropped, as on the hub (line %s%s)",
                    broken.size(),
                    broken.size() == 1 ? "line" : "lines",
                    named,
                    broken.size() > MOST_LINES_NAMED ? ", ..." : ""));
        }
        if (longer > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d %s more cells than the header, which were ignored, as on the hub",
                    longer,
                    longer == 1 ? "line has" : "lines have"));
        }
        return notes;
    }
}
