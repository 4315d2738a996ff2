// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SourceTest {

    @TempDir
    Path folder;

    @Test
    void readsACsvAsItIsWritten() throws IOException {
        Path file = write(
                "my.csv",
                "\uFEFFid,body,topic\r\n1,\"He said \"\"no\"\", twice\nand left\",01\r\n2, NA ,1\r\n\r\n3,ü,01");

        Split train = whole(Task.from(file).text("body").label("topic")).train();

        assertThat(train.task().labels()).containsExactly("01", "1");
        assertThat(train.task().name()).isEqualTo("my");
        assertThat(train.examples())
                .containsExactly(
                        Example.of("He said \"no\", twice\nand left", 0), Example.of(" NA ", 1), Example.of("ü", 0));
    }

    @Test
    void readsATsvWithoutQuoting() throws IOException {
        Path file = write("my.tsv", "body\ttopic\n\"Hello\" he said\tx\n\"open\ty\n");

        assertThat(texts(whole(Task.from(file).text("body").label("topic")).train()))
                .containsExactly("\"Hello\" he said", "\"open");
    }

    @Test
    void readsATabWithAndWithoutOrangesHeader() throws IOException {
        Path orange = write("orange.tab", "Category\tText\nd\tstring\nclass\t\n\na\tone \nb\ttwo \n\n");
        Path plain = write("plain.tab", "Category\tText\na\tone\n");

        assertThat(texts(whole(Task.from(orange).text("Text").label("Category")).train()))
                .containsExactly("one ", "two ");
        assertThat(texts(whole(Task.from(plain).text("Text").label("Category")).train()))
                .containsExactly("one");
    }

    @Test
    void readsJsonLinesAlsoPackedAndKeepsTheFormOfNumbers() throws IOException {
        String lines =
                "{\"body\": \"a\\nb\", \"stars\": 1.0}\n\n{\"body\": \"c\", \"stars\": 1, \"more\": [1]}\n{\"body\": \"d\"}\n";
        Path file = folder.resolve("my.jsonl.gz");
        Files.write(file, gzip(lines));

        Task task = whole(Task.from(file).text("body").label("stars"));

        assertThat(task.labels()).containsExactly("1", "1.0");
        assertThat(task.train().examples())
                .containsExactly(Example.of("a\nb", 1), Example.of("c", 0), Example.of("d", -1));
        assertThat(task.notes()).contains("train: 1 example has no label");
        assertThat(task.name()).isEqualTo("my");
    }

    @Test
    void writesARecipeThatCompilesWhateverTheColumnsAreCalled() throws IOException {
        Path file = write("a.csv", "\"the \"\"text\"\"\",\\topic\nx,y\n");

        assertThat(Task.from(file).text("the \"text\"").label("\\topic").recipe())
                .isEqualTo("Task.from(Path.of(\"" + file + "\")).text(\"the \\\"text\\\"\").label(\"\\\\topic\")");
    }

    @Test
    void callsATableWithoutANameUnnamed() {
        Table table = Table.create(StringColumn.create("body", "a"), StringColumn.create("topic", "b"));

        assertThat(Task.from(table).text("body").label("topic").name()).isEqualTo("unnamed");
        assertThatThrownBy(() -> Task.from(table).text("bod"))
                .hasMessage(
                        "text must name a column of table unnamed (body, topic); got \"bod\"; did you mean \"body\"?");
    }

    @Test
    void saysInWhichLineAFileIsWrong() throws IOException {
        assertThatThrownBy(() -> Task.from(write("a.jsonl", "{\"a\": 1}\n{\"a\": 2\n")))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[a.jsonl] line 2 must be one JSON object; ")
                .hasMessageEndingWith("; got {\"a\": 2");
        assertThatThrownBy(() -> Task.from(write("b.jsonl", "{\"a\": 1}\n[1]\n")))
                .hasMessage("[b.jsonl] line 2 must be one JSON object; it is another kind of value; got [1]");
        assertThatThrownBy(() -> Task.from(write("c.csv", "a,b\n\"x\ny\",1\nz\n")))
                .hasMessage("[c.csv] line 4 must have 2 cells, as the header; got 1");
        assertThatThrownBy(() -> Task.from(write("d.csv", "a,b\n\"x\ny,1\n")))
                .hasMessage("[d.csv] the quote that begins in line 2 must end; got the file's end");
        assertThatThrownBy(() -> Task.from(write("e.csv", "a,b\n\"x\"y,1\n")))
                .hasMessage("[e.csv] the quote that begins in line 2 must end its cell, with quotes inside doubled;"
                        + " got 'y' after it in line 2");
        assertThatThrownBy(() -> Task.from(write("f.csv", "a,a\n1,2\n")))
                .hasMessage("[f.csv] columns must all be different; got a, a");
        assertThatThrownBy(() -> Task.from(write("g.tsv", "\n")))
                .hasMessage("[g.tsv] file must begin with a line of column names; got an empty file");
        assertThatThrownBy(() -> Task.from(write("h.jsonl", "")))
                .hasMessage("[h.jsonl] file must hold one JSON object a line; got an empty file");
    }

    @Test
    void saysWhichByteIsNotUtf8() throws IOException {
        Path file = folder.resolve("latin.csv");
        Files.write(file, "a,b\ncaf\u00e9,1\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Task.from(file)).hasMessage("[latin.csv] bytes must be UTF-8; got 0xe9 at byte 7");
    }

    @Test
    void knowsFilesByTheirEnding() {
        assertThatThrownBy(() -> Task.from(Path.of("my.xlsx")))
                .hasMessage(
                        "file must end in .csv, .tsv, .tab, .jsonl (or one of these and .gz) or .parquet; got \"my.xlsx\"");
        assertThatThrownBy(() -> Task.from(Path.of("missing.csv"))).hasMessage("[missing.csv] there is no such file");
    }

    @Test
    void namesTheNearColumns() {
        assertThatThrownBy(() -> Task.from(Cases.table(3)).text("bdy"))
                .hasMessage("text must name a column of table news (body, topic); got \"bdy\"; did you mean \"body\"?");
        assertThatThrownBy(() -> Task.from(Cases.table(3)).text("body").label("Topics"))
                .hasMessage("label must name a column of table news (body, topic); got \"Topics\";"
                        + " did you mean \"topic\"?");
        assertThatThrownBy(() -> Task.from(Cases.table(3)).text("body").target("body"))
                .hasMessage("target must be another column than the text; got \"body\"");
        assertThatThrownBy(() -> Task.from(Cases.table(3)).label("topic"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("text must name a column before label; got none");
    }

    @Test
    void readsPairsAndNumbers() {
        Table table = Table.create(
                "pairs",
                StringColumn.create("first", "a", "b", "c", ""),
                StringColumn.create("second", "x", "", "z", ""),
                DoubleColumn.create("score", 1.5, 0.1, Double.NaN, 3));

        Task task = whole(Task.from(table).text("first").pair("second").target("score"));

        assertThat(task.kind()).isEqualTo(Task.Kind.REGRESSION);
        assertThat(task.pairs()).isTrue();
        assertThat(task.labels()).isEmpty();
        assertThat(task.metrics()).containsExactly("Pearson", "Spearman");
        assertThat(task.train().examples())
                .containsExactly(
                        new Example(List.of("a", "x"), -1, 1.5),
                        new Example(List.of("b", ""), -1, 0.1),
                        new Example(List.of("c", "z"), -1, Double.NaN));
        assertThat(task.notes())
                .contains(
                        "train: 1 empty text dropped",
                        "train: 1 pair lacks one text",
                        "train: 1 example has no target");
        assertThat(task.train().table().columnNames()).containsExactly("text", "pair", "target");
    }

    @Test
    void saysInWhichRowATargetIsNoNumber() {
        Table table = Table.create(
                "scores", StringColumn.create("body", "a", "b"), StringColumn.create("score", "1", "many"));

        assertThatThrownBy(() -> Task.from(table).text("body").target("score"))
                .isInstanceOf(FormatException.class)
                .hasMessage("[table scores] score in row 2 must be a number; got \"many\"");
    }

    @Test
    void takesNumbersOfATableAsLabels() {
        Table table = Table.create(
                "stars", StringColumn.create("body", "a", "b", "c"), IntColumn.create("stars", 5, 1000, 5));

        assertThat(Task.from(table).text("body").label("stars").labels()).containsExactly("1000", "5");
    }

    @Test
    void wantsAtLeastOneTextAndOneLabel() {
        Table noText =
                Table.create("none", StringColumn.create("body", "", " "), StringColumn.create("topic", "a", "b"));
        Table noLabel =
                Table.create("none", StringColumn.create("body", "a", "b"), StringColumn.create("topic", "", ""));

        assertThatThrownBy(() -> Task.from(noText).text("body").label("topic"))
                .hasMessage("[table none] column body must hold at least one text; got 2 rows, none with a text");
        assertThatThrownBy(() -> Task.from(noLabel).text("body").label("topic"))
                .hasMessage("label must name a column with at least one label; got \"topic\", all empty");
    }

    @Test
    void saysThatALabelColumnWithNothingTwiceIsProbablyANumber() {
        StringColumn body = StringColumn.create("body", IntStream.range(0, 9).mapToObj(i -> "text " + i));
        DoubleColumn price = DoubleColumn.create("price", IntStream.range(0, 9).mapToDouble(i -> i + 0.5));
        Table prices = Table.create("prices", body, price);

        assertThat(Task.from(prices).text("body").label("price").notes())
                .contains("train: all 9 labels are different: \"price\" is probably a number or an id; did you mean"
                        + " .target(\"price\")?");
        assertThat(Task.from(prices.first(7)).text("body").label("price").notes())
                .as("of few examples it may be chance")
                .noneMatch(note -> note.contains("did you mean"));
        assertThat(Task.from(prices).text("body").target("price").notes())
                .noneMatch(note -> note.contains("did you mean"));
    }

    private static Task whole(Task task) {
        return task.validation(0).test(0);
    }

    private static List<String> texts(Split split) {
        return split.examples().stream().map(e -> e.texts().get(0)).toList();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
