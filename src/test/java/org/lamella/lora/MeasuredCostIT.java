// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a step was said to cost is near what it took, on the real MiniLM. The bounds are wide enough for a busy machine;
 * benchmarks.md has what was reached.
 */
@EnabledOnOs(OS.LINUX)
final class MeasuredCostIT {

    private static final Pattern MEMORY = Pattern.compile("memory: said ([\\d.]+) MiB, took ([\\d.]+) MiB");
    private static final Pattern SECONDS = Pattern.compile("seconds: said ([\\d.]+), took ([\\d.]+)");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"111111, off", "000111, on"})
    void memoryAndTimeAreNearWhatWasSaid(String mask, String dropout) throws IOException, InterruptedException {
        String output = run(mask, dropout, "32", "64");

        Matcher memory = MEMORY.matcher(output);
        assertThat(memory.find()).as(output).isTrue();
        assertThat(Double.parseDouble(memory.group(1)))
                .isCloseTo(Double.parseDouble(memory.group(2)), withinPercentage(20));
        Matcher seconds = SECONDS.matcher(output);
        assertThat(seconds.find()).as(output).isTrue();
        assertThat(Double.parseDouble(seconds.group(1)) / Double.parseDouble(seconds.group(2)))
                .as(output)
                .isBetween(0.25, 4.0);
    }

    // a heap of fixed size, and a C library that gives back what was freed
    private String run(String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms300m",
                "-Xmx300m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                MeasuredCost.class.getName()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
