// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** The fetched tasks are what their publishers say. Without Reuters R8 this fails with the line that fetches it. */
class RealTasksIT {

    private static Task loadOrSkip(String name) {
        String why = "skipped: " + name + " is not fetched; run environment/start --fetch " + name;
        boolean there = Card.task(name).installed();
        if (!there) {
            System.out.println(why);
        }
        assumeTrue(there, why);
        return Task.load(name);
    }

    @Test
    void reutersR8HasItsPublishedSizes() {
        Task task = Task.load("reuters-r8");

        assertThat(task).hasToString("reuters-r8: classification, 8 labels, train 4,936, validation 549, test 2,189");
        assertThat(task.labels())
                .containsExactly("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade");
        assertThat(task.metrics()).containsExactly("accuracy", "macro F1");
        assertThat(task.notes())
                .containsExactly(
                        "train: 4 texts carry several labels",
                        "test: 4 texts are also in train",
                        "validation: 549 of 5,485 training examples held out, stratified, seed 0,"
                                + " identical texts kept together");
        Table table = task.validation(0).table();
        assertThat(counts(table, 0)).containsExactly(1596, 253, 2840, 41, 190, 206, 108, 251);
        assertThat(counts(table, 2)).containsExactly(696, 121, 1083, 10, 81, 87, 36, 75);
        assertThat(table.intColumn("distinct texts").asList()).containsExactly(5423, 0, 2176);
    }

    private static List<Integer> counts(Table table, int row) {
        return List.of("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade").stream()
                .map(label -> table.intColumn(label).get(row))
                .toList();
    }

    @Test
    void reutersR8IsTheSameOnEveryMachine() {
        Task task = Task.load("reuters-r8");

        assertThat(task.train().hash()).isEqualTo("e06da497833f3dee");
        assertThat(task.validation().hash()).isEqualTo("fa0d0b77c2d576c7");
        assertThat(task.test().hash()).isEqualTo("42f7d780373f9052");
        assertThat(task.train().sample(256, 0).hash()).isEqualTo("ed0c9c48ae29c6cf");
        assertThat(task.train().sample(256, 0).overlaps(task.validation())).isFalse();
        assertThat(task.train().overlaps(task.test())).isFalse();
        assertThat(Task.load("reuters-r8").test().overlaps(task.test().head(1))).isTrue();
    }

    @Test
    void reutersR8IsReadInLessThanASecond() {
        Task.load("reuters-r8");
        Instant start = Instant.now();

        Task.load("reuters-r8");

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void reutersR8IsSummarised() {
        Table table = Task.load("reuters-r8").summary().table();

        assertThat(table.rowCount()).isEqualTo(3);
        assertThat(table.columnNames()).contains("distinct texts", "earn", "note");
        assertThat(table.columnNames()).anyMatch(name -> name.startsWith("median "));
    }

    @Test
    void reutersR52HasItsPublishedSizesWithoutItsOneEmptyRow() {
        Task task = loadOrSkip("reuters-r52");

        assertThat(task.validation(0))
                .hasToString("reuters-r52: classification, 52 labels, train 6,532, validation 0, test 2,568");
        assertThat(task.notes()).contains("train: 1 empty text dropped", "test: 6 texts are also in train");
        Table table = task.validation(0).table();
        assertThat(table.intColumn("labels").asList()).containsExactly(52, 0, 52);
        assertThat(table.stringColumn("most frequent").asList()).containsExactly("earn 2,840", "", "earn 1,083");
        assertThat(task.train().examples().stream().map(Example::label).distinct())
                .hasSize(52);
    }

    @Test
    void twentyNewsgroupsHasItsPublishedSizes() {
        Task task = loadOrSkip("20newsgroups");

        assertThat(task.validation(0))
                .hasToString("20newsgroups: classification, 20 labels, train 11,293, validation 0, test 7,528");
        assertThat(task.notes()).contains("test: 7 texts are also in train");
        assertThat(task.validation(0).table().stringColumn("least frequent").asList())
                .containsExactly("talk.religion.misc 377", "", "talk.religion.misc 251");
    }
}
