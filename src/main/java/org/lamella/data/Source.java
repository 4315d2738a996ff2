// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A person's own data on its way to a task: say which column is the text, then which is the truth.
 *
 * <pre>{@code
 * Task.from(table).text("body").label("topic")
 * Task.from(Path.of("pairs.jsonl")).text("premise").pair("hypothesis").label("verdict")
 * Task.from(Path.of("similar.tsv")).text("first").pair("second").target("score")
 * }</pre>
 */
public final class Source {

    private final String name;
    private final Grid grid;
    private final String recipe;
    private final List<String> texts;

    private Source(String name, Grid grid, String recipe, List<String> texts) {
        this.name = name;
        this.grid = grid;
        this.recipe = recipe;
        this.texts = texts;
    }

    static Source of(String name, Grid grid, String recipe) {
        return new Source(name, grid, recipe, List.of());
    }

    /** Returns this source with the column that holds the text, or the first text of a pair. */
    public Source text(String column) {
        grid.column("text", column);
        List<String> columns = new ArrayList<>(texts);
        if (columns.isEmpty()) {
            columns.add(column);
        } else {
            columns.set(0, column);
        }
        return new Source(name, grid, recipe + ".text(" + Code.of(column) + ")", columns);
    }

    /** Returns this source with the column that holds the second text of a pair. */
    public Source pair(String column) {
        requireText("pair");
        grid.column("pair", column);
        return new Source(name, grid, recipe + ".pair(" + Code.of(column) + ")", List.of(texts.get(0), column));
    }

    /**
     * Returns the task of telling labels apart. Labels are what stands in the column, in alphabetical order; an empty
     * cell is an unlabelled example.
     *
     * <p>A tenth of the examples left for training is held out for validation, and a fifth of all for test, until
     * {@link Task#validation} and {@link Task#test} say otherwise.
     */
    public Task label(String column) {
        requireText("label");
        return task("label", new Columns(texts, column, Task.Kind.CLASSIFICATION, false));
    }

    /** Returns the task of predicting a number. Held out as {@link #label} does, at random. */
    public Task target(String column) {
        requireText("target");
        return task("target", new Columns(texts, column, Task.Kind.REGRESSION, false));
    }

    private Task task(String role, Columns columns) {
        grid.column(role, columns.truth());
        if (columns.texts().contains(columns.truth())) {
            throw new IllegalArgumentException(
                    role + " must be another column than the text; got \"" + columns.truth() + "\"");
        }
        List<String> labels = columns.labels(grid);
        if (columns.kind() == Task.Kind.CLASSIFICATION && labels.isEmpty()) {
            throw new IllegalArgumentException(
                    role + " must name a column with at least one label; got \"" + columns.truth() + "\", all empty");
        }
        Outline outline = new Outline(
                name,
                columns,
                labels,
                columns.kind().metrics(),
                "",
                recipe + "." + role + "(" + Code.of(columns.truth()) + ")");
        return Task.of(outline, Map.of("train", columns.part("train", grid, labels)), Division.Shares.STANDARD);
    }

    private void requireText(String next) {
        if (texts.isEmpty()) {
            throw new IllegalStateException("text must name a column before " + next + "; got none");
        }
    }

    @Override
    public String toString() {
        return recipe + ": " + grid.rows().size() + " rows of " + String.join(", ", grid.columns());
    }
}
