// SPDX-License-Identifier: Apache-2.0
package org.lamella.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The benchmark's machinery, where the Python it compares with is there: it is large, and nothing else needs it. */
class BenchIT {

    @Test
    void bothSidesComputeTheSame() throws IOException, InterruptedException {
        assumeTrue(
                System.getenv("LAMELLA_PEER") != null || Files.isDirectory(Path.of(".environment/peer")),
                "neither LAMELLA_PEER nor .environment/peer; environment/bench makes it");

        Command bench = Command.run(Path.of("").toAbsolutePath(), Map.of(), "bench", "--quick");

        assertThat(bench.code()).as(bench.output()).isZero();
        assertThat(bench.output()).contains("## Time", "## Memory", "## Losses side by side", "## Scores side by side");
    }
}
