// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.Seed;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;

/** A training that is killed twenty times at random points ends with the numbers of one that never was, bit for bit. */
final class CheckpointIT {

    private static final int KILLS = 20;

    @TempDir
    Path folder;

    @Test
    void aTrainingThatIsKilledTwentyTimesEndsWithTheSameBits() throws IOException, InterruptedException {
        SplittableRandom random = new Seed(20).child("kills").random();
        List<Integer> reached = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            int before = step();
            // every second time it has taken a step first: on a busy machine none may be done so soon
            kill(random.nextInt(120), kill % 2 == 0 ? -1 : before);
            reached.add(step());
        }
        Process last = start();
        assertThat(last.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(last.exitValue())
                .as("steps at which it was killed: " + reached)
                .isZero();

        try (Transformer model = Tiny.model("encoder")) {
            Run whole = KilledTraining.recipe().train(model, Tiny.task(96).train(), KilledTraining.training());
            whole.adapter().save(folder.resolve("whole"));
        }
        assertThat(reached).as("it came further between two kills").isSorted();
        assertThat(reached.get(KILLS - 1)).isPositive();
        assertSameBits(folder.resolve("adapter"), folder.resolve("whole"));
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dai.djl.pytorch.num_threads=1",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledTraining.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
    }

    // some milliseconds after it began to train, or after it came beyond a step, wherever it is then: in a step,
    // between
    // two, writing its checkpoint
    private void kill(int milliseconds, int beyond) throws IOException, InterruptedException {
        Process process = start();
        List<String> said = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.equals("training")) {
                said.add(line);
                line = output.readLine();
            }
            assertThat(line).as(String.join("\n", said)).isNotNull();
            while (step() <= beyond && process.isAlive()) {
                Thread.sleep(5);
            }
            Thread.sleep(milliseconds);
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private int step() {
        Path file = folder.resolve("own").resolve(Checkpoint.FILE);
        if (!java.nio.file.Files.exists(file)) {
            return 0;
        }
        return Integer.parseInt(SafeTensors.open(file).metadata().get("lamella.step")); // opens: so it is whole
    }

    private static void assertSameBits(Path one, Path other) {
        SafeTensors first = SafeTensors.open(one);
        SafeTensors second = SafeTensors.open(other);
        assertThat(first.names()).isEqualTo(second.names());
        try (Scope scope = Scope.open()) {
            for (String name : first.names()) {
                assertThat(first.tensor(name, scope).floats())
                        .as(name)
                        .isEqualTo(second.tensor(name, scope).floats());
            }
        }
    }
}
