// SPDX-License-Identifier: Apache-2.0
package org.lamella.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The tests of set-up itself, which is written in Python. */
class SetupIT {
    @Test
    void setUpPassesItsOwnTests() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getenv("LAMELLA_PYTHON"), "-B", "-m", "unittest", "discover", "environment/setup/tests")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).containsPattern("Ran [1-9]\\d* tests");
    }
}
