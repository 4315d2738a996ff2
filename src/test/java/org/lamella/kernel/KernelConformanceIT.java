// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jupyter's own programs with our kernel: the conformance suite, and nbconvert on a notebook. */
class KernelConformanceIT {

    private static final String NAME = "java-conformance";
    private static final Path PYTHON =
            Path.of(Objects.requireNonNullElse(System.getenv("LAMELLA_PYTHON"), ".environment/venv/bin/python"));

    @TempDir
    static Path folder;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(PYTHON),
                () -> "skipped: there is no " + PYTHON
                        + "; run environment/start, or set LAMELLA_PYTHON to a Python that has jupyter_kernel_test and nbconvert");
        Process process = KernelProcess.command(
                        "install", "--prefix", folder.toString(), "--name", NAME, "--jvm-option", "-Xmx512m")
                .start();
        assertThat(output(process)).startsWith("kernel \"" + NAME + "\" is installed in ");
        assertThat(process.waitFor()).isZero();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Process python(Path errors, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(PYTHON.toAbsolutePath().toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
        builder.environment()
                .putAll(Map.of(
                        "LAMELLA_KERNEL_NAME", NAME,
                        "JUPYTER_PATH", folder.resolve("share/jupyter").toString(),
                        "JUPYTER_CONFIG_DIR", folder.resolve("config").toString(),
                        "JUPYTER_DATA_DIR", folder.resolve("data").toString(),
                        "JUPYTER_RUNTIME_DIR", folder.resolve("runtime").toString(),
                        "IPYTHONDIR", folder.resolve("ipython").toString()));
        return builder.start();
    }

    @Test
    void theConformanceSuitePasses() throws IOException, InterruptedException {
        Path errors = folder.resolve("suite.txt");
        Process suite = python(errors, "kernel/conformance/test_java_kernel.py");
        String printed = output(suite);

        assertThat(suite.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(errors) + printed)
                .contains("test_history (__main__.JavaKernelTests", "test_inspect")
                .contains("OK (skipped=1)");
        assertThat(suite.exitValue()).isZero();
    }

    @Test
    void nbconvertExecutesANotebook() throws IOException, InterruptedException {
        Path notebook = folder.resolve("small.ipynb");
        Files.writeString(notebook, """
                {"nbformat": 4, "nbformat_minor": 5,
                 "metadata": {"kernelspec": {"name": "%s", "display_name": "Java", "language": "java"}},
                 "cells": [
                  {"id": "a", "cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [],
                   "source": ["var numbers = List.of(3, 1, 2);\\n", "numbers.stream().sorted().toList()"]},
                  {"id": "b", "cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [],
                   "source": ["display(\\"<b>bold</b>\\", \\"text/html\\");"]}]}
                """.formatted(NAME));
        Path errors = folder.resolve("nbconvert.txt");
        Process nbconvert =
                python(errors, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", notebook.toString());
        String executed = output(nbconvert);

        assertThat(nbconvert.waitFor()).as(Files.readString(errors)).isZero();
        JsonObject cells = JsonParser.parseString(executed).getAsJsonObject();
        assertThat(outputs(cells, 0)).contains("\"text/plain\":[\"[1, 2, 3]\"]", "\"execute_result\"");
        assertThat(outputs(cells, 1)).contains("\"text/html\":[\"<b>bold</b>\"]");
    }

    private static String outputs(JsonObject notebook, int cell) {
        return notebook.getAsJsonArray("cells")
                .get(cell)
                .getAsJsonObject()
                .get("outputs")
                .toString();
    }
}
