// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;
import org.lamella.base.Seed;

class GgufFormatTest {

    private static final int ROUNDS = 1000;

    @TempDir
    Path folder;

    private void refused(byte[] bytes, String problem) throws IOException {
        Path file = Files.write(folder.resolve("x.gguf"), bytes);
        assertThatThrownBy(() -> Gguf.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessage("[x.gguf] " + problem);
    }

    private void refused(GgufBytes file, int numbers, String problem) throws IOException {
        refused(file.bytes(numbers), problem);
    }

    @Test
    void aFileThatIsNoGgufFileSaysSo() throws IOException {
        refused(new byte[3], "file must start with a header of 24 bytes; it has 3 bytes");
        refused(
                "PK\3\4 this is a zip file, really".getBytes(StandardCharsets.UTF_8),
                "file must start with \"GGUF\"; it does not: this is no GGUF file");
        refused(GgufBytes.file().version(1), 0, "version must be 2 or 3; got 1");
        refused(
                GgufBytes.file().version(3 << 24),
                0,
                "version must be 2 or 3; got 3 with its bytes reversed, for machines that count so");
    }

    @Test
    void absurdCountsAreRefusedBeforeAnythingIsMade() throws IOException {
        refused(
                GgufBytes.file().claiming(1L << 60, 0),
                0,
                "tensor table must fit the 8 bytes that follow; got a count of 1152921504606846976");
        refused(
                GgufBytes.file().claiming(0, -1),
                0,
                "metadata must fit the 0 bytes that follow; got a count of 18446744073709551615");
        refused(
                GgufBytes.file().list("a", 0, Long.MAX_VALUE),
                0,
                "a must fit the 0 bytes that follow; got a count of 9223372036854775807");
        refused(
                GgufBytes.file().key("a", 8).raw(8, 1L << 40),
                0,
                "a must fit the 0 bytes that follow; got a count of 1099511627776");
        refused(
                GgufBytes.file().tensor("x", 0, 0, 1L << 40, 1L << 40),
                4,
                "shape of \"x\" must fit a file; got [1099511627776, 1099511627776]");
        refused(
                GgufBytes.file().claiming(200_000, 0),
                5_000_000,
                "tensor table must have at most 100000 entries; got 200000");
        refused(
                GgufBytes.file().text("k".repeat(300), ""),
                0,
                "key 0 of the metadata must have at most 255 bytes; got 300");
    }

    @Test
    void aTruncatedFileSaysSo() throws IOException {
        byte[] whole =
                GgufBytes.file().text("key", "value").tensor("x", 0, 0, 2).bytes(8);
        refused(Arrays.copyOf(whole, 40), "key must have 8 bytes; only 1 follow: the file is truncated");
        refused(Arrays.copyOf(whole, 50), "key must fit the 3 bytes that follow; got a count of 5");
        refused(
                Arrays.copyOf(whole, whole.length - 1),
                "\"x\" must lie in the file: 8 bytes from 0 on, of 7 after the header: the file is truncated");
        refused(
                GgufBytes.file().tensor("x", 0, 32, 2),
                8,
                "\"x\" must lie in the file: 8 bytes from 32 on, of 8 after the header: the file is truncated");
        refused(
                GgufBytes.file().tensor("x", 0, Long.MAX_VALUE - 31, 2),
                8,
                "\"x\" must lie in the file: 8 bytes from 9223372036854775776 on, of 8 after the header:"
                        + " the file is truncated");
    }

    @Test
    void everyFieldIsChecked() throws IOException {
        refused(GgufBytes.file().key("a", 13), 8, "a must be of a type from 0 to 12; got 13");
        refused(GgufBytes.file().key("a", -1), 8, "a must be of a type from 0 to 12; got 4294967295");
        refused(GgufBytes.file().text("a", "").text("a", ""), 0, "key \"a\" must be there once; it is there twice");
        refused(
                GgufBytes.file().tensor("x", 0, 0, 2).tensor("x", 0, 32, 2),
                40,
                "tensor \"x\" must be there once; it is there twice");
        refused(
                GgufBytes.file().tensor("x", 0, 0, 1, 1, 1, 1, 1),
                8,
                "shape of \"x\" must have at most 4 dimensions; got 5");
        refused(GgufBytes.file().tensor("x", 0, 0, -2), 8, "shape of \"x\" must fit a file; got [-2]");
        refused(
                GgufBytes.file().tensor("x", 3, 0, 2, 48),
                80,
                "rows of \"x\" must hold a multiple of 32 numbers for Q4_1; got 48");
        refused(GgufBytes.file().tensor("x", 0, 4, 2), 12, "offset of \"x\" must be a multiple of 32; got 4");
        refused(
                GgufBytes.file().whole("general.alignment", 4).tensor("x", 0, 4, 2),
                12,
                "general.alignment must be a power of two from 8 to 1048576; got 4");
        refused(
                GgufBytes.file().text("general.alignment", "32").tensor("x", 0, 4, 2),
                12,
                "general.alignment must be a whole number; got \"32\"");
        refused(
                GgufBytes.file().tensor("x", 0, 0, 9).tensor("y", 0, 32, 2),
                40,
                "\"y\" must lie apart from \"x\"; their bytes overlap");
    }

    @Test
    void aFormThatIsNotReadIsNamed() throws IOException {
        String read = "type of \"x\" must be one of [F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0]; got ";
        refused(GgufBytes.file().tensor("x", 12, 0, 256), 144, read + "Q4_K");
        refused(GgufBytes.file().tensor("x", 14, 0, 256), 210, read + "Q6_K");
        refused(GgufBytes.file().tensor("x", 24, 0, 32), 32, read + "I8");
        refused(GgufBytes.file().tensor("x", 4, 0, 32), 32, read + "number 4");
        refused(GgufBytes.file().tensor("x", -1, 0, 32), 32, read + "number 4294967295");
    }

    @Test
    void listsInListsAreReadToADepth() throws IOException {
        GgufBytes deep = GgufBytes.file().list("a", 9, 1);
        for (int i = 0; i < 20; i++) {
            deep.raw(4, 9).raw(8, 1);
        }
        refused(deep, 64, "a must have lists at most 8 deep; it has more");
    }

    @Test
    void textsMustBeUtf8() throws IOException {
        refused(
                GgufBytes.file().raw(8, 1).raw(1, 0xff).raw(4, 4).raw(4, 1).claiming(0, 1),
                0,
                "key 0 of the metadata must be UTF-8; it is not");
        Path file = Files.write(
                folder.resolve("x.gguf"),
                GgufBytes.file().key("a", 8).raw(8, 1).raw(1, 0xff).bytes(0));
        assertThatThrownBy(() -> Gguf.open(file).text("a")).hasMessage("[x.gguf] a must be UTF-8; it is not");
    }

    @Test
    void aFileThatShrankSinceIsRefusedBeforeItIsMapped() throws IOException {
        Path file = GgufBytes.file().tensor("x", 0, 0, 2).write(folder.resolve("x.gguf"), 8);
        long size = Files.size(file);
        Gguf read = Gguf.open(file);
        Files.write(file, new byte[10]);
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> read.single("x", scope))
                    .isInstanceOf(FormatException.class)
                    .hasMessage("[x.gguf] file must have the " + size + " bytes it was opened with; got 10");
        }
    }

    @Test
    void emptyTensorsAndSingleNumbersAreRead() {
        Path file =
                GgufBytes.file().tensor("none", 0, 0, 0, 4).tensor("one", 0, 0).write(folder.resolve("x.gguf"), 4);
        try (Gguf read = Gguf.open(file);
                Scope scope = Scope.open()) {
            assertThat(read.single("none", scope)).hasToString("F32 (0, 4)");
            assertThat(read.single("one", scope).item()).isZero();
        }
    }

    /** Changes, cuts and lengthens files at random: each is read whole, or refused with one sentence. */
    @Test
    void randomDamageIsReadOrRefused() throws IOException {
        long seed = Long.getLong("seed", 20260101);
        SplittableRandom random = new Seed(seed).child("damaged gguf").random();
        byte[] whole = GgufBytes.file()
                .text("general.architecture", "llama")
                .whole("llama.block_count", 2)
                .number("llama.rope.freq_base", 10000)
                .flag("yes", true)
                .texts("tokens", "a", "bc", "def")
                .wholes("types", 1, 2, 3)
                .tensor("a", 0, 0, 2, 3)
                .tensor("b", 3, 32, 2, 32)
                .tensor("c", 8, 96, 32)
                .tensor("d", 1, 160, 5)
                .bytes(170);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = damaged(whole, random);
            Path file = Files.write(folder.resolve("damaged.gguf"), bytes);
            try (Gguf read = Gguf.open(file);
                    Scope scope = Scope.open()) {
                for (String name : read.names()) {
                    read.single(name, scope).floats();
                }
                read.metadata();
                read.texts("tokens");
            } catch (FormatException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed " + seed + " round " + round)
                        .startsWith("[damaged.gguf] ")
                        .hasSizeLessThan(600);
            }
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS);
    }

    private static byte[] damaged(byte[] whole, SplittableRandom random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(8)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(100));
            case 2 -> Arrays.fill(bytes, random.nextInt(bytes.length), bytes.length, (byte) random.nextInt(256));
            default -> {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }
}
