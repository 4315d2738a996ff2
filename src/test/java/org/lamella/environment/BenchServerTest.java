// SPDX-License-Identifier: Apache-2.0
package org.lamella.environment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.model.Golden;

/** Our side of the benchmark, which Maven does not build: it compiles without a warning and speaks the protocol. */
class BenchServerTest {

    private static final Path SOURCES = Path.of("src/bench/java");

    @TempDir
    Path classes;

    @Test
    void itCompilesWithoutAWarningAndScoresOnOrder() throws IOException, InterruptedException {
        assertThat(said(classes)).isEmpty();

        Path texts = classes.resolve("texts.json");
        Files.writeString(
                texts, "{\"texts\": [\"one\", \"two words\", \"and three words\", \"that makes four words\"]}");
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes + File.pathSeparator + System.getProperty("java.class.path"),
                        "org.lamella.lora.BenchServer",
                        "score",
                        "--model",
                        Golden.path("bert/model").toString(),
                        "--texts",
                        texts.toString(),
                        "--threads",
                        "1")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var orders = server.outputWriter();
                var answers = server.inputReader()) {
            JsonObject ready = JsonParser.parseString(answers.readLine()).getAsJsonObject();
            orders.write("run 2\nquit\n");
            orders.flush();
            JsonObject answer = JsonParser.parseString(answers.readLine()).getAsJsonObject();

            assertThat(ready.keySet())
                    .contains("ready", "mode", "versions", "threads", "libraries_mib", "peak_mib", "texts");
            assertThat(ready.get("texts").getAsInt()).isEqualTo(4);
            assertThat(answer.keySet()).containsExactlyInAnyOrder("wall", "cpu", "scores", "peak_mib", "resident_mib");
            assertThat(answer.getAsJsonArray("wall")).hasSize(2);
        }
        assertThat(server.waitFor()).isZero();
    }

    private static String said(Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(SOURCES)) {
            List<Path> java =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options = List.of(
                    "-proc:none", "-Xlint:all", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
            compiler.getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                    .call();
        }
        return said.toString();
    }
}
