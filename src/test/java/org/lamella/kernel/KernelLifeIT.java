// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.kernel.KernelProcess.Outcome;

/** How a kernel is installed, starts and ends, and what its jars hold. */
class KernelLifeIT {

    private static final Duration SOON = Duration.ofSeconds(8);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "while (true) { }", "Thread.sleep(100_000);"})
    void endsWhenItIsToldToAlsoWhileACellRuns(String busy) throws InterruptedException {
        try (KernelProcess kernel = KernelProcess.start(Map.of())) {
            kernel.run("1 + 1");
            if (!busy.isEmpty()) {
                String id = kernel.submit("System.out.println(\"runs\");\n" + busy, Map.of());
                kernel.awaitPrinted(id, "runs");
            }
            JsonObject reply = kernel.ask("control", "shutdown_request", Map.of("restart", false));

            assertThat(reply.get("status").getAsString()).isEqualTo("ok");
            assertThat(kernel.endsWithin(SOON)).isTrue();
            assertThat(kernel.process().exitValue()).isZero();
        }
    }

    @Test
    void endsWithTheProcessThatStartedIt() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder("sleep", "100").start();
        try (KernelProcess kernel = KernelProcess.start(Map.of("JPY_PARENT_PID", String.valueOf(parent.pid())))) {
            kernel.submit("while (true) { }", Map.of());
            parent.destroyForcibly();

            assertThat(kernel.endsWithin(SOON)).isTrue();
        }
    }

    @Test
    void saysWhyWhenACellEndsTheVirtualMachine() throws InterruptedException {
        try (KernelProcess kernel = KernelProcess.start(Map.of())) {
            String id = kernel.submit("System.exit(3);", Map.of());

            kernel.awaitPrinted(id, "The kernel ends: System.exit was called");
            assertThat(kernel.endsWithin(SOON)).isTrue();
            assertThat(kernel.process().exitValue()).isEqualTo(3);
        }
    }

    @Test
    void runsTheStartUpFilesAndShowsTheirTroubleUnderTheFirstCell() throws IOException {
        Path good = Files.writeString(
                folder.resolve("a.jsh"),
                "%classpath " + folder + "\nimport java.time.Duration;\nint answer = 42;\nSystem.out.println(\"hi\");");
        Path bad = Files.writeString(folder.resolve("b.jsh"), "int first = 1;\nimport no.such.Thing;");
        String paths = good + File.pathSeparator + bad + File.pathSeparator + folder.resolve("missing.jsh");
        Map<String, String> environment = Map.of(
                "IJAVA_STARTUP_SCRIPTS_PATH",
                paths,
                "IJAVA_STARTUP_SCRIPT",
                "int last = 7;",
                "IJAVA_CLASSPATH",
                folder.resolve("nothing/*.jar").toString(),
                "IJAVA_COMPILER_OPTS",
                "-Xlint:unchecked");
        try (KernelProcess kernel = KernelProcess.start(environment)) {
            Outcome first = kernel.run("Duration.ofSeconds(answer) + \" \" + first + last");

            assertThat(first.value()).isEqualTo("PT42S 17");
            assertThat(first.printed("stdout")).isEqualTo("hi\n");
            assertThat(first.printed("stderr"))
                    .contains("IJAVA_CLASSPATH names \"" + folder.resolve("nothing/*.jar") + "\", where nothing is\n")
                    .contains("IJAVA_STARTUP_SCRIPTS_PATH names \"" + folder.resolve("missing.jsh")
                            + "\", where nothing is\n")
                    .contains("start-up of the kernel, b.jsh did not run to its end:\n")
                    .contains(" in b.jsh, line 2: package no.such does not exist");
            assertThat(kernel.run("1").types()).containsExactly("execute_result");
        }
    }

    @Test
    void answersAlsoWhenTheCompilerDoesNotStart() {
        try (KernelProcess kernel = KernelProcess.start(Map.of("IJAVA_COMPILER_OPTS", "--nonsense"))) {
            assertThat(kernel.run("1").only("error").text("evalue"))
                    .contains("JShell cannot start")
                    .contains("--nonsense");
            assertThat(kernel.ask("shell", "complete_request", Map.of("code", "1", "cursor_pos", 1))
                            .get("status")
                            .getAsString())
                    .isEqualTo("error");
        }
    }

    @Test
    void saysWhatIsWrongWhenItCannotStart() throws IOException, InterruptedException {
        assertThat(answer(2, "no-such-file.json"))
                .isEqualTo("[lamella-kernel] connection file must exist; got no-such-file.json\n");
        assertThat(answer(2, "install", "--colour", "red"))
                .startsWith("[lamella-kernel] option must be one of those below; got --colour\n");
        assertThat(answer(2, "install")).startsWith("[lamella-kernel] option --prefix must be given; got nothing\n");
        assertThat(answer(0)).startsWith("java -jar lamella-kernel.jar CONNECTION_FILE\n");
    }

    @Test
    void refusesAJavaThatCannotCompile() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        KernelProcess.java(),
                        "--limit-modules",
                        "java.base,java.logging,java.desktop",
                        "-jar",
                        "target/lamella-kernel.jar",
                        "install",
                        "--prefix",
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(text)
                .startsWith("[lamella-kernel] Java must be a JDK with the module jdk.jshell; got ")
                .endsWith(", a JRE. Install a JDK 17 or newer (Debian: apt install openjdk-17-jdk-headless)\n");
    }

    private static String answer(int status, String... arguments) throws IOException, InterruptedException {
        Process process = KernelProcess.command(arguments).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(status);
        return text;
    }

    @Test
    void installsAKernelspecForTheJavaThatRunsIt() throws IOException, InterruptedException {
        answer(
                0,
                "install",
                "--prefix",
                folder.toString(),
                "--name",
                "java-test",
                "--classpath",
                "/somewhere/lamella.jar:/somewhere/lib/*.jar",
                "--jvm-option",
                "-Xmx1g");

        Path spec = folder.resolve("share/jupyter/kernels/java-test");
        JsonObject json = JsonParser.parseString(Files.readString(spec.resolve("kernel.json")))
                .getAsJsonObject();
        List<String> arguments = strings(json.getAsJsonArray("argv"));
        assertThat(Path.of(arguments.get(0))).isAbsolute().isExecutable();
        assertThat(arguments)
                .contains("--enable-native-access=ALL-UNNAMED", "-XX:+AutoCreateSharedArchive", "-Xmx1g")
                .endsWith("-jar", spec.resolve("lamella-kernel.jar").toString(), "{connection_file}");
        assertThat(json.get("interrupt_mode").getAsString()).isEqualTo("message");
        assertThat(json.get("language").getAsString()).isEqualTo("java");
        assertThat(json.getAsJsonObject("env"))
                .hasToString("{\"IJAVA_CLASSPATH\":\"/somewhere/lamella.jar:/somewhere/lib/*.jar\","
                        + "\"OMP_WAIT_POLICY\":\"PASSIVE\"}");
        assertThat(spec.resolve("lamella-kernel.jar")).hasSameBinaryContentAs(Path.of("target/lamella-kernel.jar"));
        assertThat(spec.resolve("logo-32x32.png")).isNotEmptyFile();
        assertThat(spec.resolve("logo-64x64.png")).isNotEmptyFile();
        assertThat(spec.resolve("logo-svg.svg")).isNotEmptyFile();
    }

    private static List<String> strings(JsonArray array) {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array) {
            texts.add(element.getAsString());
        }
        return texts;
    }

    @Test
    void theLibrarysJarHoldsNothingOfTheKernel() throws IOException {
        assertThat(entries("target/lamella.jar"))
                .contains("org/lamella/base/LayerSet.class")
                .noneMatch(name -> name.startsWith("org/lamella/kernel/") || name.startsWith("io/github/spencerpark/"));
    }

    @Test
    void theKernelsJarHoldsNothingOfTheLibraryAndHidesWhatItBrings() throws IOException {
        List<String> allowed = List.of(
                "org/lamella/kernel/",
                "io/github/spencerpark/",
                "com/google/gson/",
                "META-INF/",
                "licenses/",
                "mozilla/");

        assertThat(entries("target/lamella-kernel.jar"))
                .contains("org/lamella/kernel/Kernel.class", "io/github/spencerpark/ijava/runtime/Display.class")
                .filteredOn(name -> name.endsWith(".class"))
                .allMatch(name -> allowed.stream().anyMatch(name::startsWith));
    }

    @Test
    void theLibrarysDependenciesHoldNothingOfTheKernels() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("tablesaw-core"))
                    .noneMatch(name -> name.matches(
                            "(jupyter-jvm|jeromq|jnacl|asm|context-|standalone|maven|plexus|http|jcl-).*"));
        }
    }

    private static List<String> entries(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream().map(entry -> entry.getName()).toList();
        }
    }
}
