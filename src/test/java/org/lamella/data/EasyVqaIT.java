// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lamella.base.picture.Picture;

/** The pictures and questions of easy-VQA and ScienceQA that lie in {@code LAMELLA_DATA}, or were fetched. */
class EasyVqaIT {

    private static boolean here(String name) {
        return Home.data()
                .filter(data -> data.resolve(name).toFile().isDirectory())
                .isPresent();
    }

    @Test
    void easyVqaIsAsPublished() {
        assumeThat(here("easy-vqa") || Card.task("easy-vqa").installed())
                .as("easy-vqa is at hand")
                .isTrue();
        Task task = Task.load("easy-vqa");

        assertThat(task.test().size()).isEqualTo(9673);
        assertThat(task.train().size() + task.validation().size()).isEqualTo(38575);
        Set<Picture> pictures = task.test().examples().stream()
                .map(example -> example.pictures().get(0))
                .collect(Collectors.toSet());
        assertThat(pictures).hasSize(1000);
        for (Picture picture : new HashSet<>(pictures)) {
            assertThat(picture.bitmap()).hasToString("bitmap of 64 x 64");
        }
        assertThat(task.validation().size()).isBetween(3600, 4000);
    }

    @Test
    void theTextsOfScienceQaAtHandAreRead() {
        assumeThat(here("scienceqa")).as("scienceqa is at hand").isTrue();
        Task task = Task.load("scienceqa", Home.data().orElseThrow().resolve("scienceqa"));

        assertThat(List.of(
                        task.train().size(),
                        task.validation().size(),
                        task.test().size()))
                .containsExactly(200, 200, 200);
        assertThat(task.train().example(0).texts().get(0))
                .isEqualTo(
                        "Context: Read the description of a trait.\nLogan has blue eyes.\nWhat information supports the"
                                + " conclusion that Logan inherited this trait?\nA. Logan's mother has blue eyes. She passed this"
                                + " trait down to Logan.\nB. Logan likes to wear a blue sweater to match his blue eyes.\n"
                                + "Answer with the option's letter from the given choices directly.");
        assertThat(task.train().example(0).answer()).contains("A");
    }
}
