// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TaskTest {

    private final Task task = Task.from(Cases.table(1000)).text("body").label("topic");

    @Test
    void holdsOutATestFifthAndAValidationTenthAndSaysSo() {
        assertThat(task).hasToString("news: classification, 3 labels, train 720, validation 80, test 200");
        assertThat(task.notes())
                .containsExactly(
                        "test: 200 of 1,000 training examples held out, stratified, seed 0, identical texts kept together",
                        "validation: 80 of 800 training examples held out, stratified, seed 0,"
                                + " identical texts kept together");
        assertThat(task.recipe()).isEqualTo("Task.from(table).text(\"body\").label(\"topic\")");
    }

    @Test
    void partsEveryExampleOnce() {
        Task whole = task.validation(0).test(0);

        assertThat(List.of(task.train(), task.validation(), task.test()).stream()
                        .flatMap(s -> s.examples().stream()))
                .containsExactlyInAnyOrderElementsOf(whole.train().examples());
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        assertThat(task.seed(0).test().hash()).isEqualTo(task.test().hash());
        assertThat(task.seed(1).test().hash()).isNotEqualTo(task.test().hash());
    }

    @Test
    void holdsOutTheSharesThatAreAskedFor() {
        assertThat(task.validation(0.25).test(0))
                .hasToString("news: classification, 3 labels, train 750, validation 250, test 0");
        assertThatThrownBy(() -> task.test(1)).hasMessage("test must be a share of at least 0 and below 1; got 1.0");
        assertThatThrownBy(() -> task.validation(Double.NaN))
                .hasMessage("validation must be a share of at least 0 and below 1; got NaN");
    }

    @Test
    void takesTablesOfOnesOwn() {
        Task own = task.test(Cases.table(30)).validation(Cases.table(20));

        assertThat(own).hasToString("news: classification, 3 labels, train 1,000, validation 20, test 30");
        assertThat(own.test(0.1)).hasToString("news: classification, 3 labels, train 900, validation 20, test 100");
    }

    @Test
    void saysWhichLabelOfAnOwnTestTableIsUnknown() {
        Table sport = Table.create("t", StringColumn.create("body", "x"), StringColumn.create("topic", "sports"));
        Table test = Table.create("more", StringColumn.create("body", "y"), StringColumn.create("topic", "sport"));

        assertThatThrownBy(() -> Task.from(sport).text("body").label("topic").test(test))
                .hasMessage(
                        "[table more] topic in row 1 must be one of sports; got \"sport\"; did you mean \"sports\"?");
    }

    @Test
    void numbersLabelsInTheOrderThatIsAskedFor() {
        Task turned = task.labels("b", "c", "a", "d");

        assertThat(task.labels()).containsExactly("a", "b", "c");
        assertThat(turned.labels()).containsExactly("b", "c", "a", "d");
        assertThat(turned.validation(0)
                        .test(0)
                        .train()
                        .table()
                        .stringColumn("label")
                        .asList())
                .isEqualTo(task.validation(0)
                        .test(0)
                        .train()
                        .table()
                        .stringColumn("label")
                        .asList());
        assertThatThrownBy(() -> task.labels("a", "c"))
                .hasMessage("labels must hold every label of news (a, b, c); got a, c");
        assertThatThrownBy(() -> task.labels("a", "b", "c", "a"))
                .hasMessage("labels must all be different; got a, b, c, a");
    }

    @Test
    void changesNameAndMetrics() {
        Task named = task.named("mine").metrics("Matthews");

        assertThat(named.name()).isEqualTo("mine");
        assertThat(named.metrics()).containsExactly("Matthews");
        assertThat(task.metrics()).containsExactly("accuracy", "macro F1");
        assertThat(named.recipe()).endsWith(".named(\"mine\").metrics(\"Matthews\")");
    }

    @Test
    void namesTheKnownTasksWhenOneIsUnknown() {
        assertThatThrownBy(() -> Task.load("reuters-r9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "task must be one of 20newsgroups, asdiv, dart, e2e, easy-vqa, glue/cola, glue/mnli, glue/mnli-mm, glue/mnli-pooled,"
                                + " glue/mrpc, glue/qnli, glue/qqp, glue/rte, glue/sst2, glue/stsb, glue/wnli, gsm8k,"
                                + " humaneval, humaneval-plus, math-500, mbpp, mbpp-plus, reuters-r52, reuters-r8, scienceqa, svamp, webnlg; got \"reuters-r9\"; did you mean \"reuters-r8\"?");
        assertThatThrownBy(() -> Task.load("mrpc")).hasMessageEndingWith("; did you mean \"glue/mrpc\"?");
    }

    @Test
    void summarisesSizesLabelsLengthsAndWhatIsCut() {
        Table table = task.summary(new TwoTokensAWord()).table();

        assertThat(table.name()).isEqualTo("news");
        assertThat(table.columnNames())
                .containsExactly(
                        "split",
                        "examples",
                        "distinct texts",
                        "a",
                        "b",
                        "c",
                        "mean tokens",
                        "median tokens",
                        "95 % tokens",
                        "longest in tokens",
                        "share cut at 3",
                        "note");
        assertThat(table.stringColumn("split").asList()).containsExactly("train", "validation", "test");
        assertThat(table.intColumn("examples").asList()).containsExactly(720, 80, 200);
        assertThat(table.intColumn("a").sum()
                        + table.intColumn("b").sum()
                        + table.intColumn("c").sum())
                .isEqualTo(1000);
        assertThat(table.doubleColumn("mean tokens").get(0)).isEqualTo(4);
        assertThat(table.doubleColumn("share cut at 3").get(2)).isEqualTo(1);
        assertThat(table.stringColumn("note").get(2))
                .isEqualTo(
                        "200 of 1,000 training examples held out, stratified, seed 0, identical texts kept together");
    }

    @Test
    void countsWordsWhenNoTokenizerIsAtHand() {
        Table table = task.summary().table();

        assertThat(table.columnNames())
                .contains("mean words", "longest in words")
                .doesNotContain("share cut at 3");
        assertThat(table.doubleColumn("longest in words").get(0)).isEqualTo(2);
        assertThat(task.table().columnNames()).doesNotContain("mean words");
    }

    @Test
    void namesOnlyTheMostAndTheLeastFrequentOfManyLabels() {
        StringColumn body = StringColumn.create("body");
        StringColumn topic = StringColumn.create("topic");
        for (int label = 0; label < 13; label++) {
            for (int i = 0; i <= label; i++) {
                body.append("text " + label + " " + i);
                topic.append(String.format("topic %02d", label));
            }
        }
        Task many = Task.from(Table.create("many", body, topic))
                .text("body")
                .label("topic")
                .validation(0)
                .test(0);

        Table table = many.table();

        assertThat(table.intColumn("labels").asList()).containsExactly(13, 0, 0);
        assertThat(table.stringColumn("most frequent").get(0)).isEqualTo("topic 12 13");
        assertThat(table.stringColumn("least frequent").get(0)).isEqualTo("topic 00 1");
        assertThat(table.stringColumn("least frequent").get(1)).isEmpty();
    }

    private static final class TwoTokensAWord implements TextLengths {

        @Override
        public String name() {
            return "tokens";
        }

        @Override
        public int limit() {
            return 3;
        }

        @Override
        public int[] tokens(List<Example> examples) {
            return examples.stream()
                    .mapToInt(e -> 2 * e.texts().get(0).split(" ").length)
                    .toArray();
        }
    }
}
