// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files as others publish them, read as a person's own; they lie in {@code $LAMELLA_DATA}. */
class OwnFilesIT {

    private static Path file(String name) {
        Path file = Path.of(System.getenv().getOrDefault("LAMELLA_DATA", "")).resolve(name);
        String why = "skipped: $LAMELLA_DATA holds no " + name;
        if (!Files.isRegularFile(file)) {
            System.out.println(why);
        }
        assumeTrue(Files.isRegularFile(file), why);
        return file;
    }

    @Test
    void readsPairsAndScoresFromTsv() {
        Task task = Task.from(file("glue/STS-B-open/train.tsv"))
                .text("sentence1")
                .pair("sentence2")
                .target("score")
                .validation(file("glue/STS-B-open/dev.tsv"))
                .test(file("glue/STS-B-open/test_with_gold.tsv"))
                .named("sts-b");

        assertThat(task).hasToString("sts-b: regression, train 1,000, validation 375, test 375");
        assertThat(task.train().examples())
                .allSatisfy(e -> assertThat(e.target()).isBetween(0.0, 5.0));
        assertThat(task.validation().example(0).texts())
                .containsExactly(
                        "A cat standing on tree branches.", "A black and white cat is high up on tree branches.");
    }

    @Test
    void readsPairsFromPackedJsonLines() {
        Task task = Task.from(file("boolq/val.jsonl.gz"))
                .text("question")
                .pair("passage")
                .label("label")
                .test(0);

        assertThat(task.train().size() + task.validation().size()).isEqualTo(3270);
        assertThat(task.labels()).containsExactly("false", "true");
        assertThat(task.train().example(0).texts().get(0))
                .isEqualTo("does ethanol take more energy make that produces");
    }

    @Test
    void readsPackedTsvWithQuotesInTheText() {
        Task task = Task.from(file("glue/QNLI/dev.tsv.gz"))
                .text("question")
                .pair("sentence")
                .label("label")
                .validation(0)
                .test(0);

        assertThat(task).hasToString("dev: classification, 2 labels, train 5,463, validation 0, test 0");
        assertThat(task.labels()).containsExactly("entailment", "not_entailment");
        assertThat(task.train().examples()).anyMatch(e -> e.texts().get(1).contains("\""));
    }
}
