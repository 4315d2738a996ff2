// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Texts in the words of the golden BERT. */
final class TestTexts {

    private static final String[] WORDS =
            "the of to and in said it for shares rose oil price trade bank rate ship".split(" ");

    private TestTexts() {}

    /** Returns three texts with labels of the model's own head. */
    static Split three() {
        Table table = Table.create(
                StringColumn.create(
                        "text", "shares rose 12 pct", "the oil price", "Grain shipments to the U.S.A. fell, it said."),
                StringColumn.create("label", "earn", "crude", "grain"));
        return task(table)
                .labels("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade")
                .train();
    }

    /** Returns different texts of two labels. */
    static Split labelled(int rows) {
        return task(Table.create(
                        texts(rows),
                        StringColumn.create("label", IntStream.range(0, rows).mapToObj(i -> i % 2 == 0 ? "a" : "b"))))
                .train();
    }

    /** Returns different texts with a number each. */
    static Split scored(int rows) {
        return task(Table.create(
                        texts(rows),
                        DoubleColumn.create("label", IntStream.range(0, rows).mapToDouble(i -> i / 2.0 + 0.25))))
                .train();
    }

    /** Returns different texts without labels. */
    static Split unlabelled(int rows) {
        Table labels = Table.create(texts(2), StringColumn.create("label", "a", "b"));
        Table none = Table.create(texts(rows), StringColumn.create("label", new String[rows]));
        return Task.from(labels)
                .text("text")
                .label("label")
                .validation(labels)
                .test(none)
                .test();
    }

    private static Task task(Table table) {
        return Task.from(table).text("text").label("label").validation(table).test(table);
    }

    private static StringColumn texts(int rows) {
        SplittableRandom random = new Seed(5).random();
        return StringColumn.create(
                "text", IntStream.range(0, rows).mapToObj(row -> random.ints(4 + row % 5, 0, WORDS.length)
                        .mapToObj(word -> WORDS[word])
                        .collect(Collectors.joining(" "))));
    }
}
