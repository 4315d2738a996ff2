// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class SplitTest {

    private final Task task = Task.from(Cases.table(200))
            .text("body")
            .label("topic")
            .validation(0.2)
            .test(0.1);

    @Test
    void samplesWithoutReplacementAndEachSampleBeginsALargerOne() {
        Cases.each(random -> {
            long seed = random.nextLong();
            int n = random.nextInt(task.train().size() + 1);

            Split sample = task.train().sample(n, seed);
            Split all = task.train().sample(task.train().size(), seed);

            assertThat(sample.examples()).isEqualTo(all.head(n).examples());
            assertThat(all.examples())
                    .containsExactlyInAnyOrderElementsOf(task.train().examples());
        });
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        assertThat(task.train().sample(20, 7).hash())
                .isEqualTo(task.train().sample(20, 7).hash());
        assertThat(task.train().sample(20, 7).hash())
                .isNotEqualTo(task.train().sample(20, 8).hash());
    }

    @Test
    void isNamedByHowItWasMade() {
        Split sample = task.train().sample(30, 0).head(8);

        assertThat(sample.name()).isEqualTo("train.sample(30, 0).head(8)");
        assertThat(sample.recipe())
                .isEqualTo("Task.from(table).text(\"body\").label(\"topic\").validation(0.2).test(0.1)"
                        + ".train().sample(30, 0).head(8)");
        assertThat(task.test().recipe()).endsWith(".test(0.1).test()");
        assertThat(sample).hasToString("news train.sample(30, 0).head(8): 8 examples");
    }

    @Test
    void saysHowManyThereAreWhenMoreAreAskedFor() {
        assertThatThrownBy(() -> task.test().sample(21, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("n must be 0 to 20, the size of test; got 21");
        assertThatThrownBy(() -> task.test().head(-1)).hasMessage("n must be 0 to 20, the size of test; got -1");
        assertThatThrownBy(() -> task.test().example(20))
                .hasMessage("example must be 0 to 19, the last of test; got 20");
    }

    @Test
    void warnsAboutASampleWithOneLabelOnly() {
        Split one = task.train().where(example -> example.label() == 1).sample(5, 0);

        assertThat(one.warnings())
                .containsExactly("train.where(...).sample(5, 0) holds one label only: all 5 examples are \"b\";"
                        + " 2 other labels are missing");
        assertThat(task.train().sample(50, 0).warnings()).isEmpty();
        assertThat(task.train().sample(1, 0).warnings()).isEmpty();
    }

    @Test
    void overlapsWhenExamplesOfOnePartAreShared() {
        Task same = Task.from(Cases.table(200)).text("body").label("topic").seed(1);

        assertThat(task.train().overlaps(task.train().sample(1, 0))).isTrue();
        assertThat(task.train().overlaps(task.validation())).isFalse();
        assertThat(task.train().overlaps(task.test())).isFalse();
        assertThat(task.train()
                        .head(5)
                        .overlaps(task.train()
                                .where(e -> !task.train().head(5).examples().contains(e))))
                .isFalse();
        assertThat(task.train().overlaps(same.test())).isTrue();
    }

    @Test
    void overlapsAnotherTaskWhenATextIsIdentical() {
        Task whole = Task.from(Cases.table(40))
                .text("body")
                .label("topic")
                .validation(0)
                .test(0);
        Task other = Task.from(Cases.table(41))
                .text("body")
                .label("topic")
                .validation(0)
                .test(0);

        assertThat(whole.train().overlaps(other.train())).isTrue();
        assertThat(whole.train().overlaps(other.train().where(e -> e.texts().contains("text 40"))))
                .isFalse();
    }

    @Test
    void doesNotCallATextThatWasPublishedInBothPartsAnOverlap() {
        Table test = Table.create(
                "test", StringColumn.create("body", "text 0", "never seen"), StringColumn.create("topic", "a", "b"));

        Task own = Task.from(Cases.table(50)).text("body").label("topic").test(test);

        assertThat(own.train().overlaps(own.test())).isFalse();
        assertThat(own.notes()).contains("test: 1 text is also in train");
    }

    @Test
    void isATableOfTextAndLabel() {
        Table table = task.train().head(2).table();

        assertThat(table.name()).isEqualTo("news train.head(2)");
        assertThat(table.columnNames()).containsExactly("text", "label");
        assertThat(table.stringColumn("text").get(0))
                .isEqualTo(task.train().example(0).texts().get(0));
        assertThat(table.stringColumn("label").get(0))
                .isEqualTo(task.labels().get(task.train().example(0).label()));
    }

    @Test
    void hashesTextsAndLabelsAsDocumented() {
        Task two = Task.from(Table.create(
                        "two", StringColumn.create("body", "x", "y"), StringColumn.create("topic", List.of("a", "b"))))
                .text("body")
                .label("topic");

        // python: sha256(b"x\0a\ny\0b\n").hexdigest()[:16]
        assertThat(two.train().hash()).isEqualTo("9496ee0389657d9b");
    }
}
