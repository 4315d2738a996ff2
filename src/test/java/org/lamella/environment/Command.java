// SPDX-License-Identifier: Apache-2.0
package org.lamella.environment;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that a test starts and waits for. */
record Command(int code, String output, double seconds) {
    private static final long MINUTES = 20;

    /** The name of a script in environment/ on this system. */
    static String script(String name) {
        return "environment" + File.separator + name + (File.separatorChar == '\\' ? ".cmd" : "");
    }

    /** Runs a script of environment/ in a project, on the JDK that runs this test. */
    static Command run(Path project, Map<String, String> environment, String script, String... words)
            throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(project.resolve(script(script)).toString()));
        line.addAll(List.of(words));
        Path output = Files.createTempFile("lamella-command", ".txt");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    line + " must end within " + MINUTES + " minutes; its output: " + Files.readString(output));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return new Command(process.exitValue(), text, seconds);
    }
}
