// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;

class SafeTensorsFormatTest {

    @TempDir
    Path folder;

    /** Writes a file of any header and content. */
    static void write(Path file, String header, byte[] content) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + content.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).put(content).array());
    }

    private void refused(String header, int contentBytes, String problem) throws IOException {
        Path file = folder.resolve("x.safetensors");
        write(file, header, new byte[contentBytes]);
        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessage("[x.safetensors] " + problem);
    }

    private static String tensor(String name, String dtype, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets
                + "}";
    }

    @Test
    void aFileThatIsNoSafetensorsFileSaysSo() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Files.writeString(file, "PK\3\4 this is a zip file, really");
        assertThatThrownBy(() -> SafeTensors.open(file))
                .hasMessage("[x.safetensors] header length must be 2 to 100000000 bytes; got 7595448452415441744"
                        + ": this is no safetensors file");
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> SafeTensors.open(file))
                .hasMessage("[x.safetensors] file must start with 8 bytes of header length; it has 3 bytes");
        Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        assertThatThrownBy(() -> SafeTensors.open(file))
                .hasMessage("[x.safetensors] header length must be 2 to 100000000 bytes; got 18446744073709551615"
                        + ": this is no safetensors file");
    }

    @Test
    void aTruncatedFileSaysSo() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(12)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(100)
                        .array());
        assertThatThrownBy(() -> SafeTensors.open(file))
                .hasMessage("[x.safetensors] header must have 100 bytes; only 4 follow: the file is truncated");
        refused(
                "{" + tensor("x", "F32", "[2]", "[0,8]") + "}",
                7,
                "tensors must take 8 bytes after the header; the file has 7: it is truncated");
        refused(
                "{" + tensor("x", "F32", "[2]", "[0,8]") + "}",
                9,
                "tensors must take 8 bytes after the header; the file has 9");
    }

    @Test
    void aFileThatShrankSinceIsRefusedBeforeItIsMapped() throws IOException {
        Path file = folder.resolve("x.safetensors");
        write(file, "{" + tensor("x", "F32", "[2]", "[0,8]") + "}", new byte[8]);
        SafeTensors read = SafeTensors.open(file);
        Files.write(file, new byte[10]);
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> read.tensor("x", scope))
                    .isInstanceOf(FormatException.class)
                    .hasMessage("[x.safetensors] file must have the 70 bytes it was opened with; got 10");
        }
    }

    @Test
    void theHeaderMustBeJson() throws IOException {
        refused("[]", 0, "header must be JSON of the right form; got BEGIN_ARRAY at $");
        refused("{\"x\":1}", 0, "header must be JSON of the right form; got NUMBER at $.x");
        refused("{\"x\":{\"dtype\":\"F32\"", 0, "header must be JSON; it breaks off after $.x.dtype");
        refused("{\"x\":{}} {}", 0, "tensor \"x\" must have dtype, shape and two data_offsets");
        refused("{} {}", 0, "header must be JSON; it is not at $");
        refused("{'x':{}}", 0, "header must be JSON; it is not at $.");
        Path file = folder.resolve("x.safetensors");
        Files.write(file, new byte[] {4, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xff, (byte) 0xfe, '}'});
        assertThatThrownBy(() -> SafeTensors.open(file)).hasMessage("[x.safetensors] header must be UTF-8; it is not");
    }

    @Test
    void eachFieldIsChecked() throws IOException {
        refused(
                "{" + tensor("x", "F8_E4M3", "[2]", "[0,2]") + "}",
                2,
                "dtype of \"x\" must be one of [F32, F16, BF16, F64, I64, I32, U8, BOOL]; got \"F8_E4M3\"");
        refused(
                "{" + tensor("x", "F32", "[-2]", "[0,8]") + "}",
                8,
                "shape of \"x\" must hold integers from 0 to 1e18; got -2");
        refused(
                "{" + tensor("x", "F32", "[2.5]", "[0,8]") + "}",
                8,
                "shape of \"x\" must hold integers from 0 to 1e18; got 2.5");
        refused("{" + tensor("x", "F32", "[\"2\"]", "[0,8]") + "}", 8, "shape of \"x\" must hold integers; got STRING");
        refused(
                "{" + tensor("x", "F32", "[2]", "[0,99999999999999999999]") + "}",
                8,
                "data_offsets of \"x\" must hold integers from 0 to 1e18; got 99999999999999999999");
        refused(
                "{" + tensor("x", "F32", "[2]", "[0]") + "}",
                8,
                "tensor \"x\" must have dtype, shape and two data_offsets");
        refused(
                "{" + tensor("x", "F32", "[3]", "[0,8]") + "}",
                8,
                "data_offsets of \"x\" must span 12 bytes for F32 [3]; got 0 to 8");
        refused(
                "{" + tensor("x", "F32", "[2]", "[8,0]") + "}",
                8,
                "data_offsets of \"x\" must span 8 bytes for F32 [2]; got 8 to 0");
        refused(
                "{" + tensor("x", "F32", "[4611686018427387,4611686018427387]", "[0,8]") + "}",
                8,
                "shape of \"x\" must fit a file; got [4611686018427387, 4611686018427387]");
        refused("{\"__metadata__\":{\"a\":1}}", 0, "__metadata__ \"a\" must be a text; got NUMBER");
    }

    @Test
    void tensorsLieSideBySide() throws IOException {
        refused(
                "{" + tensor("x", "F32", "[1]", "[0,4]") + "," + tensor("y", "F32", "[1]", "[5,9]") + "}",
                9,
                "data_offsets of \"y\" must begin at 4, where the tensor before it ends; got 5");
        refused(
                "{" + tensor("x", "F32", "[2]", "[0,8]") + "," + tensor("y", "F32", "[1]", "[4,8]") + "}",
                8,
                "data_offsets of \"y\" must begin at 8, where the tensor before it ends; got 4");
        refused(
                "{" + tensor("x", "F32", "[1]", "[0,4]") + "," + tensor("x", "F32", "[1]", "[4,8]") + "}",
                8,
                "tensor \"x\" must be there once; it is there twice");
        write(folder.resolve("empty.safetensors"), "{}", new byte[0]);
        assertThat(SafeTensors.open(folder.resolve("empty.safetensors")).names())
                .isEmpty();
    }

    @Test
    void aFolderIsItsModelOrItsIndexOrItsOnlyFile() throws IOException {
        assertThatThrownBy(() -> SafeTensors.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folder must hold model.safetensors or one safetensors file; " + folder + " holds 0");
        write(folder.resolve("adapter_model.safetensors"), "{" + tensor("a", "U8", "[1]", "[0,1]") + "}", new byte[1]);
        assertThat(SafeTensors.open(folder).names()).containsExactly("a");
        write(folder.resolve("b.safetensors"), "{" + tensor("b", "U8", "[1]", "[0,1]") + "}", new byte[1]);
        assertThatThrownBy(() -> SafeTensors.open(folder))
                .hasMessage("folder must hold model.safetensors or one safetensors file; " + folder + " holds 2");
        write(folder.resolve("model.safetensors"), "{" + tensor("m", "U8", "[1]", "[0,1]") + "}", new byte[1]);
        assertThat(SafeTensors.open(folder).names()).containsExactly("m");
        assertThatThrownBy(() -> SafeTensors.open(folder.resolve("none")))
                .hasMessage("weights must be a safetensors file or a folder that holds one; nothing is at "
                        + folder.resolve("none"));
    }

    @Test
    void shardsAreReadByTheirIndex() throws IOException {
        try (Scope scope = Scope.open()) {
            SafeTensors.write(folder.resolve("s-1.safetensors"), Map.of("a", scope.full(1, 1)), Map.of("format", "pt"));
            SafeTensors.write(
                    folder.resolve("s-2.safetensors"), Map.of("b", scope.full(2, 1), "c", scope.full(3, 1)), Map.of());
            Path index = folder.resolve("model.safetensors.index.json");
            Files.writeString(
                    index,
                    "{\"metadata\":{\"total_size\":12},\"weight_map\":{\"a\":\"s-1.safetensors\",\"c\":\"s-2.safetensors\"}}");
            SafeTensors read = SafeTensors.open(folder);

            assertThat(read.names()).containsExactly("a", "c");
            assertThat(read.tensor("c", scope).item()).isEqualTo(3);
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
        }
    }

    @Test
    void anIndexIsChecked() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        write(folder.resolve("s.safetensors"), "{" + tensor("a", "U8", "[1]", "[0,1]") + "}", new byte[1]);
        String[][] cases = {
            {
                "{\"weight_map\":{\"b\":\"s.safetensors\"}}",
                "[s.safetensors] tensor \"b\" must be in this file, the index says; it is not"
            },
            {
                "{\"weight_map\":{\"a\":\"t.safetensors\"}}",
                "[model.safetensors.index.json] shard must lie beside the index; t.safetensors is missing"
            },
            {
                "{\"weight_map\":{\"a\":\"../s.safetensors\"}}",
                "[model.safetensors.index.json] shard must be the name of a file in the same folder; got \"../s.safetensors\""
            },
            {
                "{\"weight_map\":{}}",
                "[model.safetensors.index.json] index must hold a weight_map with at least one tensor"
            },
            {"{\"weight_map\":", "[model.safetensors.index.json] index must be JSON; it breaks off after $.weight_map"},
        };
        for (String[] each : cases) {
            Files.writeString(index, each[0]);
            assertThatThrownBy(() -> SafeTensors.open(folder))
                    .isInstanceOf(FormatException.class)
                    .hasMessage(each[1]);
        }
    }
}
