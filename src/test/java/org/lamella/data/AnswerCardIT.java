// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real files of problems with answers, from {@code $LAMELLA_DATA}, have their published sizes. */
class AnswerCardIT {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dart           | train 0, validation 6,980, test 0",
                "e2e            | train 0, validation 4,672, test 4,693",
                "webnlg         | train 18,102, validation 2,268, test 4,928",
                "gsm8k          | train 6,726, validation 747, test 1,319",
                "svamp          | train 0, validation 0, test 1,000",
                "asdiv          | train 0, validation 0, test 2,305",
                "humaneval      | train 0, validation 0, test 164",
                "humaneval-plus | train 0, validation 0, test 164",
                "mbpp           | train 374, validation 90, test 500",
                "mbpp-plus      | train 0, validation 0, test 378"
            })
    void hasItsPublishedSizes(String name, String sizes) {
        Path folder = Path.of(System.getenv().getOrDefault("LAMELLA_DATA", "")).resolve(name);
        String why = "skipped: $LAMELLA_DATA holds no " + name;
        if (!Files.isDirectory(folder)) {
            System.out.println(why);
        }
        assumeTrue(Files.isDirectory(folder), why);

        Task task = Task.load(name);

        assertThat(task).hasToString(name + ": generation, " + sizes);
        assertThat(task.validation().examples())
                .allMatch(example -> example.answer().isPresent());
        assertThat(task.test().examples()).allMatch(example -> example.answer().isPresent());
    }
}
