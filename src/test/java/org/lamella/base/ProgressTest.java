// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How work hears that the person asked it to stop. */
final class ProgressTest {

    @AfterEach
    void spendWhatIsLeft() {
        assertThat(Thread.interrupted())
                .as("no test leaves an interrupt behind")
                .isFalse();
    }

    @Test
    void anInterruptStopsAtTheNextStepAndIsSpent() {
        try (Progress progress = Progress.start("reading", 3, "files")) {
            assertThat(progress.step(1)).isTrue();
            Thread.currentThread().interrupt();
            assertThat(progress.step(2)).isFalse();
            assertThat(progress.step(3)).isFalse();
            assertThat(progress.stopped()).isTrue();
        }
    }

    @Test
    void workInsideOtherWorkHandsTheStopOn() {
        try (Progress training = Progress.start("training", 3, "steps")) {
            try (Progress measuring = Progress.start("predicting", 1, "examples")) {
                Thread.currentThread().interrupt();
                assertThat(measuring.step(1)).isFalse();
            }
            assertThat(training.step(1)).isFalse();
        }
    }

    @Test
    void workThatEndedIsNotStoppedByWhatComesAfterIt() {
        try (Progress first = Progress.start("first", 1, "files")) {
            assertThat(first.step(1)).isTrue();
        }
        try (Progress second = Progress.start("second", 1, "files")) {
            Thread.currentThread().interrupt();
            assertThat(second.step(1)).isFalse();
        }
        try (Progress third = Progress.start("third", 1, "files")) {
            assertThat(third.step(1)).isTrue();
        }
    }

    @Test
    void listenersHearHowItEnded() {
        List<Progress.State> heard = new ArrayList<>();
        Progress.listening(event -> heard.add(event.state()), () -> {
            try (Progress whole = Progress.start("whole", 1, "files")) {
                whole.step(1);
            }
            try (Progress half = Progress.start("half", 2, "files")) {
                half.step(1);
            }
            return 0;
        });
        assertThat(heard)
                .containsExactly(
                        Progress.State.RUNNING,
                        Progress.State.FINISHED,
                        Progress.State.RUNNING,
                        Progress.State.STOPPED);
    }
}
