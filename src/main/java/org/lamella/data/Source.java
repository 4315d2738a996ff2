// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A person's own data on its way to a task: say which column is the text, then which is the truth.
 *
 * <pre>{@code
 * Task.from(table).text("body").label("topic")
 * Task.from(Path.of("pairs.jsonl")).text("premise").pair("hypothesis").label("verdict")
 * Task.from(Path.of("similar.tsv")).text("first").pair("second").target("score")
 * model.predict(Task.from(table).text("body"))                        // new texts, no labels
 * Task.from(Path.of("problems.jsonl")).text("question").answer("answer")
 * Task.from(table).image("file").label("shape")                       // pictures: addresses in a column
 * }</pre>
 */
public final class Source {

    private static final Logger LOG = LoggerFactory.getLogger(Source.class);

    private final String name;
    private final Grid grid;
    private final String recipe;
    private final List<String> texts;
    private final String picture;

    private Source(String name, Grid grid, String recipe, List<String> texts, String picture) {
        this.name = name;
        this.grid = grid;
        this.recipe = recipe;
        this.texts = texts;
        this.picture = picture;
    }

    static Source of(String name, Grid grid, String recipe) {
        return new Source(name, grid, recipe, List.of(), "");
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
        return new Source(name, grid, recipe + ".text(" + Code.of(column) + ")", columns, picture);
    }

    /** Returns this source with the column that holds the second text of a pair. */
    public Source pair(String column) {
        if (texts.isEmpty()) {
            throw new IllegalStateException("text must name a column before pair; got none");
        }
        grid.column("pair", column);
        List<String> both = List.of(texts.get(0), column);
        return new Source(name, grid, recipe + ".pair(" + Code.of(column) + ")", both, picture);
    }

    /**
     * Returns this source with the column that holds pictures, each by its address: a file's path, an entry of a zip after
     * {@code !/}, or a {@code data:} text ({@link org.lamella.base.picture.Picture#at}). Without {@link #text} the picture
     * is all of an example. Nothing is decoded before a model asks.
     */
    public Source image(String column) {
        grid.column("image", column);
        return new Source(name, grid, recipe + ".image(" + Code.of(column) + ")", texts, column);
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
        return task("label", new Columns(texts, picture, column, Task.Kind.CLASSIFICATION, false));
    }

    /** Returns the task of predicting a number. Held out as {@link #label} does, at random. */
    public Task target(String column) {
        requireText("target");
        return task("target", new Columns(texts, picture, column, Task.Kind.REGRESSION, false));
    }

    /**
     * Returns these texts, which nobody has labelled, as a task with nothing to learn from: all rows are in
     * {@link Task#test()} in their order, empty texts too, for a model to predict. To measure on them is an error.
     *
     * @param labels the labels that the model answers with, in its order; none for a model that predicts numbers
     */
    public Task unlabelled(String... labels) {
        requireText("unlabelled");
        List<String> order = List.of(labels);
        Columns columns = new Columns(
                texts, picture, "", order.isEmpty() ? Task.Kind.REGRESSION : Task.Kind.CLASSIFICATION, false);
        Outline outline = new Outline(
                name, columns, order, columns.kind().metrics(), "", recipe + ".unlabelled(" + Code.of(order) + ")");
        Map<String, Part> parts = Map.of(
                "train", Part.empty("train"),
                "validation", Part.empty("validation"),
                "test", columns.unlabelled("test", grid));
        return Task.of(outline, parts, Division.Shares.STANDARD);
    }

    /**
     * Returns the task of writing the answer to a prompt, which is the text. An empty cell is a prompt without an answer.
     * Held out as {@link #target} does.
     */
    public Task answer(String column) {
        requireText("answer");
        if (texts.size() != 1) {
            throw new IllegalStateException(
                    "answer must follow one text, the prompt; got " + (texts.isEmpty() ? "none" : "the pair " + texts));
        }
        return task("answer", new Columns(texts, picture, column, Task.Kind.GENERATION, false));
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
        Part part = columns.part("train", grid, labels);
        Outline outline = new Outline(
                name,
                columns,
                labels,
                columns.kind().metrics(),
                "",
                recipe + "." + role + "(" + Code.of(columns.truth()) + ")");
        return Task.of(outline, Map.of("train", warnedOfLabels(part, columns, labels)), Division.Shares.STANDARD);
    }

    // of few examples it may be chance
    private static Part warnedOfLabels(Part part, Columns columns, List<String> labels) {
        if (labels.size() < 8 || labels.size() < part.examples().size()) {
            return part;
        }
        String note = String.format(
                Locale.ROOT,
                "all %,d labels are different: \"%s\" is probably a number or an id; did you mean .target(%s)?",
                labels.size(),
                columns.truth(),
                Code.of(columns.truth()));
        LOG.warn(note);
        return part.noting(note);
    }

    private void requireText(String next) {
        if (texts.isEmpty() && picture.isEmpty()) {
            throw new IllegalStateException("text must name a column before " + next + "; got none");
        }
    }

    @Override
    public String toString() {
        return recipe + ": " + grid.rows().size() + " rows of " + String.join(", ", grid.columns());
    }
}
