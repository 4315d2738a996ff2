// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Text collects, keeps its order and is never cut inside a character. */
class CellOutputTest {

    private final List<String> messages = new ArrayList<>();
    private final CellOutput output = new CellOutput((stream, text) -> messages.add(stream + ":" + text));

    @Test
    void manyLinesBecomeOneMessage() {
        output.release();
        for (int line = 0; line < 100; line++) {
            output.out().println(line % 10);
        }
        output.flush();

        assertThat(messages).hasSize(1);
        assertThat(messages.get(0)).startsWith("stdout:0\n1\n").hasSize("stdout:".length() + 200);
    }

    @Test
    void theOtherStreamSendsWhatWasBefore() {
        output.release();
        output.out().print("a");
        output.err().print("b");
        output.out().print("c");
        output.flush();

        assertThat(messages).containsExactly("stdout:a", "stderr:b", "stdout:c");
    }

    @Test
    void textBeforeTheFirstCellWaitsForIt() {
        output.out().print("early");
        output.flush();
        assertThat(messages).isEmpty();

        output.release();
        output.flush();
        assertThat(messages).containsExactly("stdout:early");
    }

    @Test
    void aCharacterInPiecesIsSentWhole() {
        output.release();
        byte[] smile = "x\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        output.out().write(smile, 0, 3);
        output.flush();
        output.out().write(smile, 3, 2);
        output.flush();

        assertThat(messages).containsExactly("stdout:x", "stdout:\ud83d\ude00");
    }

    @Test
    void muchTextIsSentAtOnce() {
        output.release();
        output.out().print("x".repeat(70_000));

        assertThat(messages).hasSize(1);
    }
}
