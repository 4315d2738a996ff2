// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.lamella.base.FormatException;
import org.lamella.base.Names;
import org.lamella.base.picture.Picture;

/**
 * Which columns hold the text, the other text of a pair, the picture, and the truth.
 *
 * @param texts one or two columns; none where the picture is all there is
 * @param picture the column of the picture's address; empty for none
 * @param truth the column of the label, of the target or of the answer
 * @param kind what the truth is
 * @param numbered whether labels stand there as their numbers, and −1 for an example without truth
 */
record Columns(List<String> texts, String picture, String truth, Task.Kind kind, boolean numbered) {

    private static final String NONE = "-1";

    Columns {
        texts = List.copyOf(texts);
    }

    /** Makes columns without a picture. */
    Columns(List<String> texts, String truth, Task.Kind kind, boolean numbered) {
        this(texts, "", truth, kind, numbered);
    }

    /** Returns these columns with the truth as an answer. */
    Columns answering() {
        return new Columns(texts, picture, truth, Task.Kind.GENERATION, false);
    }

    /** Returns the labels that occur, in alphabetical order; of a regression and of answers none. */
    List<String> labels(Grid grid) {
        if (kind != Task.Kind.CLASSIFICATION) {
            return List.of();
        }
        int at = grid.column("label", truth);
        Set<String> labels = new TreeSet<>();
        for (Grid.Row row : grid.rows()) {
            labels.add(row.cells().get(at));
        }
        labels.removeIf(String::isBlank);
        return List.copyOf(labels);
    }

    /** Returns the examples of a grid. Rows without any text are dropped and counted. */
    Part part(String name, Grid grid, List<String> labels) {
        int[] at = textsIn(grid);
        int truthAt = grid.column(kind.truth(), truth);
        Map<String, Integer> numbers = numbers(labels);
        List<Example> examples = new ArrayList<>();
        for (Grid.Row row : grid.rows()) {
            List<String> cells = cells(row, at);
            List<Picture> pictures = pictures(grid, row);
            if (!pictures.isEmpty() || !cells.stream().allMatch(String::isBlank)) {
                String told = row.cells().get(truthAt);
                examples.add(example(grid, row, texts(cells, pictures), told, numbers)
                        .pictures(pictures));
            }
        }
        if (examples.isEmpty()) {
            throw new FormatException(
                    grid.place(),
                    "column " + (texts.isEmpty() ? picture : texts.get(0)) + " must hold at least one text; got "
                            + grid.rows().size() + " rows, none with a text");
        }
        String origin = Fingerprint.ofExamples(examples, labels);
        int dropped = grid.rows().size() - examples.size();
        return new Part(name, origin, examples, dropped == 0 ? List.of() : List.of(empty(dropped)));
    }

    /** Returns all rows of a grid as examples without truth, also those without any text, so that rows stay rows. */
    Part unlabelled(String name, Grid grid) {
        int[] at = textsIn(grid);
        List<Example> examples = grid.rows().stream()
                .map(row -> {
                    List<Picture> pictures = pictures(grid, row);
                    return new Example(texts(cells(row, at), pictures), -1, Double.NaN, pictures);
                })
                .toList();
        return new Part(name, Fingerprint.ofExamples(examples, List.of()), examples, List.of());
    }

    private int[] textsIn(Grid grid) {
        return texts.stream()
                .mapToInt(column -> grid.column(column.equals(texts.get(0)) ? "text" : "pair", column))
                .toArray();
    }

    // an empty cell is an example without a picture
    private List<Picture> pictures(Grid grid, Grid.Row row) {
        if (picture.isEmpty()) {
            return List.of();
        }
        String address = row.cells().get(grid.column("image", picture));
        return address.isBlank() ? List.of() : List.of(Picture.at(address));
    }

    // without a column of texts a picture is called by its name
    private static List<String> texts(List<String> cells, List<Picture> pictures) {
        return cells.isEmpty()
                ? List.of(pictures.isEmpty() ? "" : pictures.get(0).name())
                : cells;
    }

    // a prompt that lies in two columns is one text
    private List<String> cells(Grid.Row row, int[] columns) {
        List<String> cells = IntStream.of(columns).mapToObj(row.cells()::get).toList();
        return kind == Task.Kind.GENERATION && !cells.isEmpty() ? List.of(String.join(" ", cells)) : cells;
    }

    private Map<String, Integer> numbers(List<String> labels) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int label = 0; label < labels.size(); label++) {
            numbers.put(numbered ? String.valueOf(label) : labels.get(label), label);
        }
        if (numbered) {
            numbers.put(NONE, -1);
        }
        return numbers;
    }

    private static String empty(int count) {
        return String.format(Locale.ROOT, "%,d %s dropped", count, count == 1 ? "empty text" : "empty texts");
    }

    private Example example(Grid grid, Grid.Row row, List<String> cells, String value, Map<String, Integer> numbers) {
        if (value.isBlank()) {
            return new Example(cells, -1, Double.NaN);
        }
        if (kind == Task.Kind.GENERATION) {
            return Example.answered(cells.get(0), value);
        }
        if (kind == Task.Kind.REGRESSION) {
            double number = number(grid, row, value);
            return new Example(cells, -1, numbered && number == -1 ? Double.NaN : number);
        }
        Integer label = numbers.get(value);
        if (label == null) {
            List<String> labels = numbers.keySet().stream().sorted().toList();
            throw new FormatException(
                    grid.place(),
                    truth + " in " + row.where() + " must be one of " + String.join(", ", labels) + "; got \"" + value
                            + "\"" + (numbered ? "" : Names.didYouMean(value, labels)));
        }
        return new Example(cells, label, Double.NaN);
    }

    private double number(Grid grid, Grid.Row row, String value) {
        try {
            double number = Double.parseDouble(value.strip());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, together with what is not finite
        }
        throw new FormatException(
                grid.place(), truth + " in " + row.where() + " must be a number; got \"" + value + "\"");
    }
}
