// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.FormatException;

/** The files of GLUE, each with its oddities; made here, a few lines each. */
class GlueTest {

    @TempDir
    Path folder;

    private Path write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private void writeRte(String train, String dev) throws IOException {
        write("train.tsv", "index\tsentence1\tsentence2\tlabel", train);
        write("dev.tsv", "index\tsentence1\tsentence2\tlabel", dev);
    }

    @ParameterizedTest
    @CsvSource({
        "cola, classification, 'unacceptable,acceptable', Matthews, 8551, 1043, 1063",
        "sst2, classification, 'negative,positive', accuracy, 67349, 872, 1821",
        "mrpc, classification, 'not_equivalent,equivalent', 'accuracy,F1', 3668, 408, 1725",
        "stsb, regression, '', 'Pearson,Spearman', 5749, 1500, 1379",
        "qqp, classification, 'not_duplicate,duplicate', 'accuracy,F1', 363846, 40430, 390965",
        "mnli, classification, 'entailment,neutral,contradiction', accuracy, 392702, 9815, 9796",
        "mnli-mm, classification, 'entailment,neutral,contradiction', accuracy, 392702, 9832, 9847",
        "mnli-pooled, classification, 'entailment,neutral,contradiction', accuracy, 392702, 19647, 19643",
        "qnli, classification, 'entailment,not_entailment', accuracy, 104743, 5463, 5463",
        "rte, classification, 'entailment,not_entailment', accuracy, 2490, 277, 3000",
        "wnli, classification, 'not_entailment,entailment', accuracy, 635, 71, 146"
    })
    void cardsHaveTheLabelsMetricsAndSizesOfTheHub(
            String name, String kind, String labels, String metrics, int train, int validation, int test) {
        Card card = Card.task("glue/" + name);

        assertThat(card.kind()).isEqualTo(kind);
        assertThat(String.join(",", card.labels())).isEqualTo(labels);
        assertThat(String.join(",", card.metrics())).isEqualTo(metrics);
        Layout layout = card.layout().orElseThrow();
        assertThat(layout.portion("train").examples()).hasValue(train);
        assertThat(layout.portion("validation").examples()).hasValue(validation);
        assertThat(layout.portion("test").examples()).hasValue(test);
        assertThat(card.hubId()).contains("nyu-mll/glue");
        assertThat(card).asString().endsWith(" (GLUE) (hub: nyu-mll/glue)");
    }

    @Test
    void readsColaWhoseTrainAndDevHaveNoHeader() throws IOException {
        write("CoLA/train.tsv", "gj04\t1\t\tThey drank the \"pub.", "gj04\t0\t*\tThe professor talked us.");
        write("CoLA/dev.tsv", "gj04\t1\t\tThe sailors rode the breeze clear of the rocks.");
        write("CoLA/test.tsv", "index\tsentence", "0\tBill whistled past the house.");

        Task task = Task.load("glue/cola", folder);

        assertThat(task.train().examples())
                .containsExactly(Example.of("They drank the \"pub.", 1), Example.of("The professor talked us.", 0));
        assertThat(task.validation().size()).isEqualTo(1);
        assertThat(task.test().examples()).containsExactly(Example.of("Bill whistled past the house.", -1));
        assertThat(task.notes())
                .containsExactly(
                        "train: read from " + folder + ", not checked against the card of glue/cola",
                        "validation: read from " + folder + ", not checked against the card of glue/cola",
                        "test: read from " + folder + ", not checked against the card of glue/cola",
                        "test: 1 example has no label");
        assertThat(task.recipe()).isEqualTo("Task.load(\"glue/cola\", Path.of(\"" + folder + "\"))");
    }

    @Test
    void readsSst2WhoseTestHasOtherColumns() throws IOException {
        write("train.tsv", "sentence\tlabel", "hide new secretions \t0", "a charming film \t1");
        write("dev.tsv", "sentence\tlabel", "unflinchingly bleak\t0");
        write("test.tsv", "index\tsentence", "0\tuneasy mishmash");

        Task task = Task.load("glue/sst2", folder);

        assertThat(task.train().example(0)).isEqualTo(Example.of("hide new secretions ", 0));
        assertThat(task.test().example(0)).isEqualTo(Example.of("uneasy mishmash", -1));
    }

    @Test
    void readsMrpcWithItsQuotesAndTheLabelsOfItsTest() throws IOException {
        String header = "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String";
        write("train.tsv", header, "1\t70\t71\t\"Open\" he said, \"quote\t\"\"He said it");
        write("dev.tsv", header, "0\t72\t73\tone\ttwo");
        write("test.tsv", "index\t#1 ID\t#2 ID\t#1 String\t#2 String", "0\t74\t75\tthree\tfour");

        assertThat(Task.load("glue/mrpc", folder).test().example(0).label()).isEqualTo(-1);
        assertThat(Task.load("glue/mrpc", folder).train().example(0).texts())
                .containsExactly("\"Open\" he said, \"quote", "\"\"He said it");

        write("msr_paraphrase_test.txt", header, "1\t74\t75\tthree\tfour");

        assertThat(Task.load("glue/mrpc", folder).test().example(0).label()).isEqualTo(1);
    }

    @Test
    void readsStsbAsNumbers() throws IOException {
        String header = "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2";
        write("train.tsv", header + "\tscore", "0\tmain\tMSRvid\t2012\t1\tnone\tnone\tA plane\tAn air plane\t5.000");
        write("dev.tsv", header + "\tscore", "0\tmain\tMSRvid\t2012\t1\tnone\tnone\tA man\tA woman\t1.75");
        write("test.tsv", header, "0\tmain\tMSRvid\t2012\t1\tnone\tnone\tA girl\tA dog");

        Task task = Task.load("glue/stsb", folder);

        assertThat(task).hasToString("glue/stsb: regression, train 1, validation 1, test 1");
        assertThat(task.train().example(0).target()).isEqualTo(5);
        assertThat(task.test().example(0).target()).isNaN();
    }

    @Test
    void dropsTheBrokenLinesOfQqpAsTheHubDid() throws IOException {
        String header = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate";
        write("train.tsv", header, "1\t2\t3\tWhy?\tHow?\t0", "4\t5\t6\tWhat \"is", "this?", "7\t8\t9\tA?\tB?\t1\tmore");
        write("dev.tsv", header, "1\t2\t3\tWho?\tWhen?\t1");

        Task task = Task.load("glue/qqp", folder);

        assertThat(task.train().size()).isEqualTo(2);
        assertThat(task.test().size()).isZero();
        assertThat(task.notes())
                .contains(
                        "train: 2 broken lines dropped, as on the hub (line 3, 4)",
                        "train: 1 line has more cells than the header, which were ignored, as on the hub",
                        "test: none in the folder");
    }

    @Test
    void readsMnliMatchedMismatchedAndBoth() throws IOException {
        String header = "index\tpromptID\tsentence1\tsentence2\tlabel1\tgold_label";
        write("MNLI/train.tsv", header, "0\t1\tp\th\tneutral\tcontradiction");
        write("MNLI/dev_matched.tsv", header, "0\t1\tp1\th1\tneutral\tneutral");
        write("MNLI/dev_mismatched.tsv", header, "0\t1\tp2\th2\tneutral\tentailment");

        assertThat(Task.load("glue/mnli", folder).train().example(0).label()).isEqualTo(2);
        assertThat(Task.load("glue/mnli", folder).validation().example(0).texts())
                .containsExactly("p1", "h1");
        assertThat(Task.load("glue/mnli-mm", folder).validation().example(0).texts())
                .containsExactly("p2", "h2");
        Task pooled = Task.load("glue/mnli-pooled", folder);
        assertThat(pooled.validation().examples()).extracting(Example::label).containsExactly(1, 0);
    }

    @Test
    void readsWnliAndPackedFiles() throws IOException {
        write("dev.tsv", "index\tsentence1\tsentence2\tlabel", "0\tI stuck a pin.\tThe pin had a hole.\t0");
        String train = "index\tsentence1\tsentence2\tlabel\n0\tHe couldn't.\tHe was weak.\t1\n";
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("train.tsv.gz")))) {
            out.write(train.getBytes(StandardCharsets.UTF_8));
        }

        Task task = Task.load("glue/wnli", folder);

        assertThat(task.labels()).containsExactly("not_entailment", "entailment");
        assertThat(task.train().example(0).label()).isEqualTo(1);
        assertThat(task.validation().example(0).label()).isZero();
    }

    @Test
    void readsTheHubsParquet() throws SQLException, IOException {
        parquet("rte/train", "('a ''b\"', 'c', 0, 0), ('d', 'e\tf', 1, 1)");
        parquet("rte/validation", "('g', 'h', 1, 0)");
        parquet("rte/test", "('i', NULL, -1, 0)");

        Task task = Task.load("glue/rte", folder);

        assertThat(task.train().examples())
                .containsExactly(
                        new Example(List.of("a 'b\"", "c"), 0, Double.NaN),
                        new Example(List.of("d", "e\tf"), 1, Double.NaN));
        assertThat(task.test().example(0)).isEqualTo(new Example(List.of("i", ""), -1, Double.NaN));
        assertThat(task.notes()).contains("test: 1 pair lacks one text", "test: 1 example has no label");
        assertThat(Task.load("glue/rte", folder.resolve("rte")).train().size()).isEqualTo(2);
        assertThat(Task.from(folder.resolve("rte/train-00000-of-00001.parquet"))
                        .text("sentence1")
                        .label("label")
                        .labels())
                .containsExactly("0", "1");
    }

    @Test
    void readsTheHubsParquetOfStsbWhereMinusOneIsNoTarget() throws SQLException, IOException {
        for (String part : List.of("train", "validation", "test")) {
            parquet("stsb/" + part, "('a', 'b', CAST(" + (part.equals("test") ? "-1.0" : "3.8") + " AS FLOAT), 0)");
        }

        Task task = Task.load("glue/stsb", folder);

        assertThat(task.train().example(0).target()).isEqualTo(3.8);
        assertThat(task.test().example(0).target()).isNaN();
    }

    private void parquet(String name, String rows) throws SQLException, IOException {
        Path file = folder.resolve(name + "-00000-of-00001.parquet");
        Files.createDirectories(file.getParent());
        try (Connection database = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = database.createStatement()) {
            statement.execute("COPY (SELECT * FROM (VALUES " + rows + ") AS t(sentence1, sentence2, label, idx)) TO '"
                    + file + "' (FORMAT parquet)");
        }
    }

    @Test
    void namesWhatItLookedFor() throws IOException {
        fails(
                "glue/rte",
                "[" + folder + "] folder must hold glue/rte as one of rte/train-00000-of-00001.parquet,"
                        + " train-00000-of-00001.parquet, train.tsv, train.tsv.gz, RTE/train.tsv, RTE/train.tsv.gz;"
                        + " got an empty folder");
        for (int i = 0; i < 10; i++) {
            write("file" + i, "");
        }
        write("train.tsv", "index\tsentence1\tsentence2\tlabel", "0\ta\tb\tentailment");
        fails(
                "glue/rte",
                "[" + folder + "] folder must hold the validation part of glue/rte as one of dev.tsv, dev.tsv.gz,"
                        + " RTE/dev.tsv, RTE/dev.tsv.gz; got file0, file1, file2, file3, file4, file5, file6, file7 and"
                        + " 3 more");
        Path nowhere = folder.resolve("nowhere");
        assertThatThrownBy(() -> Task.load("glue/rte", nowhere)).hasMessageEndingWith("; got no folder");
    }

    @Test
    void namesFileLineAndColumnOfBadInput() throws IOException {
        Path train = folder.resolve("train.tsv");
        writeRte("0\ta\tb", "0\ta\tb\tentailment");
        fails("glue/rte", "[" + train + "] line 2 must have 4 cells, as the header; got 3");
        writeRte("0\ta\tb\tentailed", "0\ta\tb\tentailment");
        fails(
                "glue/rte",
                "[" + train + "] label in line 2 must be one of entailment, not_entailment; got \"entailed\";"
                        + " did you mean \"entailment\"?");
        write("train.tsv", "index\tsentence1\tlabel", "0\ta\tentailment");
        fails("glue/rte", "[" + train + "] columns must hold sentence2; got index, sentence1, label");
        write("train.tsv", "index\tsentence1\tsentence2", "0\ta\tb");
        fails("glue/rte", "[" + train + "] columns must hold label; got index, sentence1, sentence2");
        Files.write(train, new byte[0]);
        fails("glue/rte", "[" + train + "] file must begin with a line of column names; got an empty file");
        Files.write(
                train,
                "index\tsentence1\tsentence2\tlabel\n0\tb\u00fc\tb\tentailment\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        fails("glue/rte", "[" + train + "] bytes must be UTF-8; got others after line 1");
        write("train.tsv", "a\t7\t\tcell");
        write("dev.tsv", "a\t1\t\tcell");
        fails("glue/cola", "[" + train + "] label in line 1 must be one of -1, 0, 1; got \"7\"");
    }

    @Test
    void namesWhatIsWrongWithParquet() throws IOException, SQLException {
        Path train = write("rte/train-00000-of-00001.parquet", "this is no Parquet file at all");
        parquet("rte/validation", "('g', 'h', 1, 0)");

        assertThatThrownBy(() -> Task.load("glue/rte", folder))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[" + train + "] bytes must be Parquet; ");

        parquet("qnli/train", "('g', 'h', 1, 0)");
        fails(
                "glue/qnli",
                "[" + folder.resolve("qnli/train-00000-of-00001.parquet")
                        + "] columns must hold question; got sentence1, sentence2, label, idx");
    }

    private void fails(String name, String message) {
        assertThatThrownBy(() -> Task.load(name, folder))
                .isInstanceOf(FormatException.class)
                .hasMessage(message);
    }
}
