// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a main method in a JVM of its own did and said: for what may end it, or must not share its memory. */
public record ChildJvm(int exit, String output) {

    private static final long MINUTES = 15;

    /** Runs the main method of a class on this class path, with a home of its own; at most 15 minutes. */
    public static ChildJvm run(Class<?> main, Path folder, Object... arguments)
            throws IOException, InterruptedException {
        return run(List.of("-Xmx1g"), main, folder, arguments);
    }

    /** Runs the main method of a class as {@code run} does, with options of its own for the JVM. */
    public static ChildJvm run(List<String> options, Class<?> main, Path folder, Object... arguments)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dai.djl.pytorch.num_threads=1",
                "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        if (Runtime.version().feature() >= 22) {
            line.add(1, "--enable-native-access=ALL-UNNAMED");
        }
        line.addAll(1, options);
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "child must end within " + MINUTES + " minutes; its output: " + Files.readString(output));
        }
        return new ChildJvm(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    /** Returns the output line by line. */
    public List<String> lines() {
        return output.lines().toList();
    }
}
