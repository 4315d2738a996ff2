// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Split;

/** The journal of a study: what is finished is not done again, whatever happened to the file's end. */
class JournalTest {

    private static final int EXAMPLES = 4;

    @TempDir
    Path folder;

    private Path journal() {
        return folder.resolve("deep/er/study.jsonl");
    }

    private Study study() {
        return Fixture.study(EXAMPLES).journal(journal());
    }

    private Split measured() {
        return Fixture.experiment(EXAMPLES).measured();
    }

    @Test
    void aSecondRunDoesNothingAndFindsTheSame() {
        Fixture first = new Fixture();
        Fixture second = new Fixture();

        Findings before = first.run(study());
        Findings after = second.run(study());

        assertThat(first.done).hasSize(4).doesNotHaveDuplicates();
        assertThat(second.done).isEmpty();
        assertThat(after.table().print()).isEqualTo(before.table().print());
        assertThat(after.values("upper")).isEqualTo(before.values("upper"));
        assertThat(after.provenance().warnings()).isEqualTo(before.provenance().warnings());
    }

    @Test
    void moreSeedsAndLevelsAddOnlyWhatIsMissing() {
        new Fixture().run(study());
        Fixture more = new Fixture();

        more.run(study().seeds(0, 1, 2));
        more.run(study().vary(Factor.ranks(8, 16)));

        // 2 cells with the third seed; rank 8 at alpha 8 is what ran already; 2 cells of rank 16 with 2 seeds
        assertThat(more.done).hasSize(2 + 4).doesNotHaveDuplicates();
    }

    @Test
    void wheneverTheWritingIsCutOffTheFinishedLinesAreRead() throws IOException {
        new Fixture().run(study());
        byte[] whole = Files.readAllBytes(journal());
        Path torn = folder.resolve("torn.jsonl");

        for (int length = 0; length <= whole.length; length++) {
            Files.write(torn, Arrays.copyOf(whole, length));
            long lines = lines(whole, length);
            boolean cut = length > 0 && whole[length - 1] != '\n';
            try (Journal read = Journal.open(torn, measured())) {
                assertThat(read.size()).as("bytes %d", length).isEqualTo(Math.max(0, lines - 1));
                assertThat(read.note())
                        .as("bytes %d", length)
                        .isEqualTo(
                                cut
                                        ? "[torn.jsonl] line " + (lines + 1) + " breaks off and was left out: its run"
                                                + " was cut off while it was written"
                                        : "");
            }
        }
    }

    @Test
    void aTornJournalIsFilledUpToTheSameBytes() throws IOException {
        new Fixture().run(study());
        byte[] whole = Files.readAllBytes(journal());
        SplittableRandom random = new Seed(7).random();

        for (int i = 0; i < 40; i++) {
            int length = random.nextInt(whole.length);
            Files.write(journal(), Arrays.copyOf(whole, length));
            Fixture resumed = new Fixture();

            Findings found = resumed.run(study());

            long kept = Math.max(0, lines(whole, length) - 1);
            assertThat(resumed.done).as("seed 7, bytes %d", length).hasSize((int) (4 - kept));
            assertThat(Files.readAllBytes(journal()))
                    .as("seed 7, bytes %d", length)
                    .isEqualTo(whole);
            assertThat(found.table().rowCount()).isEqualTo(2);
        }
    }

    private static long lines(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8)
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    @Test
    void aDivergedRunIsNotDoneAgain() {
        Runner diverging = experiment -> Optional.of(Outcome.diverged("loss must stay finite", "development"));
        Fixture second = new Fixture();

        study().run(Fixture.MODEL, diverging, Provenance.of("fixture"));
        Findings found = second.run(study());

        assertThat(second.done).isEmpty();
        assertThat(found.table().stringColumn("note").asList())
                .containsExactly("diverged with seed 0, 1", "diverged with seed 0, 1");
        assertThat(found.value("upper").value()).isNaN();
        assertThat(found.provenance().warnings()).contains("\"upper\", seed 0: loss must stay finite");
    }

    @Test
    void aJournalOfOtherExamplesIsRefused() {
        new Fixture().run(study());
        Study other = Fixture.study(8).journal(journal());
        Split wanted = Fixture.experiment(8).measured();

        assertThatThrownBy(() -> new Fixture().run(other))
                .isInstanceOf(FormatException.class)
                .hasMessage("[study.jsonl] journal must be of a study measured on tiny validation, 8 examples (hash "
                        + wanted.hash() + "); got one on tiny validation, 4 examples (hash "
                        + measured().hash()
                        + "); choose another file");
    }

    @Test
    void anUnreadableLineIsNamed() throws IOException {
        new Fixture().run(study());
        List<String> lines = Files.readAllLines(journal());

        write(lines.get(0), lines.get(1), "{\"key\": \"ab", lines.get(2));
        assertThatThrownBy(() -> new Fixture().run(study()))
                .isInstanceOf(FormatException.class)
                .hasMessage("[study.jsonl] line 3 must be one JSON object; got {\"key\": \"ab");

        write(lines.get(0), lines.get(1), "", lines.get(2));
        assertThatThrownBy(() -> new Fixture().run(study()))
                .isInstanceOf(FormatException.class)
                .hasMessage("[study.jsonl] line 3 must be one JSON object; got ");

        write(lines.get(0), "{\"key\":\"ab\"}");
        assertThatThrownBy(() -> new Fixture().run(study()))
                .isInstanceOf(FormatException.class)
                .hasMessage("[study.jsonl] line 2 must be a finished run; got {\"key\":\"ab\"}");

        write(lines.get(0), lines.get(1).replaceFirst("\"warnings\":\\[.*?\\]", "\"warnings\":3"));
        assertThatThrownBy(() -> new Fixture().run(study()))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[study.jsonl] line 2 must be a finished run; got {\"key\":");

        write("{\"text\":\"a\"}");
        assertThatThrownBy(() -> new Fixture().run(study()))
                .isInstanceOf(FormatException.class)
                .hasMessage("[study.jsonl] line 1 must be the head of a study's journal; got {\"text\":\"a\"}");
    }

    private void write(String... lines) throws IOException {
        Files.writeString(journal(), String.join("\n", lines) + "\n");
    }

    @Test
    void oneStudyAtATimeWritesIt() {
        new Fixture().run(study());

        try (Journal held = Journal.open(journal(), measured())) {
            assertThatThrownBy(() -> new Fixture().run(study()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("[study.jsonl] journal must be written by one study at a time; got a second one");
            assertThat(held.note()).isEmpty();
        }
    }
}
