// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing a person hands to the public interface ends the JVM, and every failure is one of ours with a sentence.
 * {@code -Dseed=} repeats one seed.
 */
final class HostileInputIT {

    private static final int ROUNDS = 1_500;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void nonsenseNeverEndsTheJvmAndEachFailureIsASentence(long number) throws IOException, InterruptedException {
        long seed = Long.getLong("seed", number);

        ChildJvm child = ChildJvm.run(
                HostileInput.class, folder, String.valueOf(seed), String.valueOf(ROUNDS), folder.resolve("work"));

        assertThat(child.lines().stream()
                        .filter(line -> line.startsWith(HostileInput.BAD))
                        .toList())
                .as("seed " + seed + "\n" + child.output())
                .isEmpty();
        assertThat(child.exit()).as("seed " + seed + "\n" + child.output()).isZero();
        assertThat(child.lines()).endsWith(HostileInput.DONE + " " + ROUNDS);
        assertThat(List.of("train: worked", "train: DivergedException", "sweep: worked"))
                .allSatisfy(outcome -> assertThat(child.output()).contains(" x " + outcome));
    }
}
