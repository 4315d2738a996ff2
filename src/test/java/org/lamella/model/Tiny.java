// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lamella.data.Task;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The golden BERT of 4 layers as tests of errors want it: whole, or in a folder of its own that may be broken. */
public final class Tiny {

    /** The labels of the golden model's own head. */
    public static final List<String> LABELS =
            List.of("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade");

    private static final List<String> WORDS = List.of("oil", "ship", "wheat", "bank", "rose", "fell", "cut", "new");

    private Tiny() {}

    /** Returns a golden model: {@code model} and {@code regression} have heads, {@code encoder} has none. */
    public static Transformer model(String name) {
        return Transformer.load(Golden.path("bert/" + name));
    }

    /** Returns the folder of an adapter that PEFT made for the golden models. */
    public static Path adapter(String name) {
        return Golden.path("bert/adapters/" + name);
    }

    /** Copies a golden model to a folder of one's own and returns it. */
    public static Path copy(String name, Path to) {
        try (Stream<Path> files = Files.list(Golden.path("bert/" + name))) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a task of that many examples with the golden labels, all in train. */
    public static Task task(int examples) {
        StringColumn text =
                StringColumn.create("text", IntStream.range(0, examples).mapToObj(Tiny::text));
        StringColumn label =
                StringColumn.create("label", IntStream.range(0, examples).mapToObj(i -> LABELS.get(i % LABELS.size())));
        Table table = Table.create("tiny", text, label);
        return Task.from(table)
                .text("text")
                .label("label")
                .labels(LABELS.toArray(String[]::new))
                .validation(table)
                .test(table);
    }

    /** Returns a regression of that many examples, all in train. */
    public static Task regression(int examples) {
        StringColumn text =
                StringColumn.create("text", IntStream.range(0, examples).mapToObj(Tiny::text));
        DoubleColumn target =
                DoubleColumn.create("target", IntStream.range(0, examples).asDoubleStream());
        Table table = Table.create("tiny numbers", text, target);
        return Task.from(table).text("text").target("target").validation(table).test(table);
    }

    private static String text(int i) {
        return WORDS.get(i % 8) + " " + WORDS.get(i / 8 % 8) + " number " + i;
    }
}
