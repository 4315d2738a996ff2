// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() {
        Path file = folder.resolve("a b \"c\" é \uD83D\uDE00 \\n.safetensors");
        try (Scope scope = Scope.open()) {
            SafeTensors.write(
                    file,
                    Map.of(
                            "x", scope.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                            "y", scope.longs(new long[] {7, 8}, 2),
                            "one", scope.doubles(new double[] {1.5})),
                    Map.of("format", "pt"));
            SafeTensors read = SafeTensors.open(file);
            assertThat(read.names()).containsExactly("one", "x", "y");
            assertThat(read.tensor("x", scope).floats()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(read.tensor("y", scope).longs()).containsExactly(7, 8);
            assertThat(read.tensor("one", scope).item()).isEqualTo(1.5);
        }
    }
}
