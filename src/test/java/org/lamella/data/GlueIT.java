// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real files of GLUE that may be passed on, from {@code $LAMELLA_DATA/glue}, under the names GLUE gave them. */
class GlueIT {

    @TempDir
    Path folder;

    private static Path real(String name) {
        Path path = Path.of(System.getenv().getOrDefault("LAMELLA_DATA", ""))
                .resolve("glue")
                .resolve(name);
        String why = "skipped: $LAMELLA_DATA holds no glue/" + name;
        if (!Files.exists(path)) {
            System.out.println(why);
        }
        assumeTrue(Files.exists(path), why);
        return path;
    }

    @Test
    void wnliHasItsPublishedSizes() {
        Task task = Task.load("glue/wnli", real("WNLI"));

        assertThat(task).hasToString("glue/wnli: classification, 2 labels, train 635, validation 71, test 0");
        assertThat(task.train().examples().stream().filter(e -> e.label() == 1).count())
                .isEqualTo(312);
        assertThat(task.notes()).contains("test: none in the folder");
        assertThat(Task.load("glue/wnli", real("WNLI").resolveSibling(""))
                        .train()
                        .hash())
                .isEqualTo(task.train().hash());
    }

    @Test
    void qnliKeepsItsQuotesAndItsPublishedSize() throws IOException {
        Path dev = real("QNLI/dev.tsv.gz");
        Files.copy(dev, folder.resolve("train.tsv.gz"));
        Files.copy(dev, folder.resolve("dev.tsv.gz"));

        Task task = Task.load("glue/qnli", folder);

        assertThat(task.validation().size()).isEqualTo(5463);
        assertThat(task.validation().examples().stream()
                        .filter(e -> e.label() == 0)
                        .count())
                .isEqualTo(2702);
        assertThat(task.validation().examples())
                .anyMatch(e -> e.texts().get(1).contains("\""))
                .allMatch(e -> e.label() >= 0);
        assertThat(task.notes()).noneMatch(note -> note.contains("broken") || note.contains("more cells"));
    }

    @Test
    void stsbOpenPartsAreNumbersFromZeroToFive() throws IOException {
        Path open = real("STS-B-open");
        Files.copy(open.resolve("train.tsv"), folder.resolve("train.tsv"));
        Files.copy(open.resolve("dev.tsv"), folder.resolve("dev.tsv"));
        Files.copy(open.resolve("test_with_gold.tsv"), folder.resolve("test.tsv"));

        Task task = Task.load("glue/stsb", folder);

        assertThat(task).hasToString("glue/stsb: regression, train 1,000, validation 375, test 375");
        assertThat(task.test().examples())
                .allSatisfy(e -> assertThat(e.target()).isBetween(0.0, 5.0));
    }
}
