// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsIT {

    private static final long GAP = 5L << 30;

    @TempDir
    Path folder;

    /** Writes a file of 5 GiB that takes a few KB on the disk, where the file system knows holes. */
    private Path sparse() throws IOException {
        String header = "{\"gap\":{\"dtype\":\"F32\",\"shape\":[5,16384,16384],\"data_offsets\":[0," + GAP + "]},"
                + "\"last\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + GAP + "," + (GAP + 8) + "]}}";
        byte[] json = (header + " ".repeat(8 - header.length() % 8)).getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("large.safetensors");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            ByteBuffer front = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(front.putLong(json.length).put(json).flip());
            ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(end.putFloat(1.5f).putFloat(-2).flip(), 8 + json.length + GAP);
        }
        return file;
    }

    @Test
    void filesLargerThanTheHeapAreMapped() throws IOException {
        assumeTrue(Files.getFileStore(folder).getUsableSpace() > 8L << 30, "less than 8 GiB free");
        SafeTensors read = SafeTensors.open(sparse());
        try (Scope scope = Scope.open()) {
            assertThat(read.bytes()).isEqualTo(GAP + 8);
            assertThat(read.tensor("last", scope).floats()).containsExactly(1.5f, -2);
            assertThat(read.tensor("gap", scope)).hasToString("F32 (5, 16384, 16384)");
        }
    }

    @Test
    void tensorsLargerThanOnePieceAreWrittenWhole() {
        Script script = Script.compile("""
                def mark(self, x: Tensor) -> Tensor:
                  x[-1] = 7
                  return torch.slice(x, 0, -2)
                """);
        Path file = folder.resolve("large.safetensors");
        try (Scope scope = Scope.open()) {
            Tensor large = scope.zeros(DType.U8, Transfer.PIECE + 10);
            script.call("mark").with(large).one(scope).close();
            SafeTensors.write(file, Map.of("x", large), Map.of());
            large.close();
            Tensor end = script.call("mark")
                    .with(SafeTensors.open(file).tensor("x", scope))
                    .one(scope);

            assertThat(end.longs()).containsExactly(0, 7);
        }
    }
}
