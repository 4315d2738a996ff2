// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.kernel.KernelProcess.Outcome;

/** What the square button does: to loops, to sleep, to code between statements, and to a library that answers it. */
class KernelInterruptIT {

    /** A library whose training answers the interrupt as ours does, and two calls that do not. */
    private static final String LIBRARY = """
            package training;
            public final class Training {
                public static volatile boolean stop;
                /** Ends early when interrupted, the interrupt spent, and returns the steps done. */
                public static int train() {
                    System.out.println("runs");
                    int steps = 0;
                    while (!Thread.interrupted()) {
                        steps++;
                    }
                    return steps;
                }
                /** Goes on for a while whatever happens, and leaves the interrupt as it is. */
                public static String deaf() {
                    System.out.println("runs");
                    long end = System.nanoTime() + 1_500_000_000L;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return "done";
                }
                /** Never listens. */
                public static void hang() {
                    System.out.println("runs");
                    while (!stop) {
                        Thread.onSpinWait();
                    }
                }
            }
            """;

    private static KernelProcess kernel;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path jar = library(folder);
        kernel = KernelProcess.start(Map.of("IJAVA_CLASSPATH", jar.toString()));
        kernel.run("import training.Training;", "void runs() { System.out.println(\"runs\"); }");
    }

    private static Path library(Path folder) throws IOException {
        Path source = Files.createDirectories(folder.resolve("training")).resolve("Training.java");
        Files.writeString(source, LIBRARY);
        ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-d", folder.toString(), source.toString());
        Path jar = folder.resolve("training.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("training/Training.class"));
            out.write(Files.readAllBytes(folder.resolve("training/Training.class")));
        }
        return jar;
    }

    @AfterAll
    static void end() {
        kernel.close();
    }

    /** Runs a cell and interrupts it when it says that it runs. */
    private static Outcome interrupted(String... lines) {
        String id = kernel.submit(String.join("\n", lines), Map.of());
        kernel.awaitPrinted(id, "runs");
        kernel.interrupt();
        return kernel.outcome(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ runs(); Thread.sleep(60_000); }",
                "long c = 0; { runs(); while (true) { c++; } }",
                "{ runs(); long d = 0; do { d++; } while (d != -1); }",
                "void spin() { long k = 0; runs(); while (true) k++; } spin();",
                "{ runs(); for (int i = 0; ; i++) { if (i == -5) i = 0; } }",
                "{ runs(); while (true) { try { Thread.sleep(100); } catch (InterruptedException swallowed) { } } }",
                "{ runs(); while (true) { try { Thread.sleep(100); } catch (Exception e) { System.out.println(e); } } }",
                "long fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } { runs(); fib(90); }",
                "{ runs(); Stream.generate(() -> 1).forEach(one -> { }); }",
                "new Object() { void run() { runs(); while (true) { } } }.run();",
            })
    void endsCodeThatWouldNotEnd(String code) {
        Outcome cell = interrupted(code);

        assertThat(cell.reply().get("evalue").getAsString()).isEqualTo("Cell interrupted");
        assertThat(cell.traceback()).startsWith("Cell interrupted\n    at ");
        assertThat(kernel.run("40 + 2").value()).isEqualTo("42");
    }

    @Test
    void leavesNoThreadBehindThatBurnsACore() {
        interrupted("long count = 0;", "{ runs(); while (true) { count++; } }");

        assertThat(kernel.run("long before = count; Thread.sleep(100); count - before")
                        .value())
                .isEqualTo("0");
        assertThat(kernel.run(
                                "Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals(\"notebook\")).count()")
                        .value())
                .isEqualTo("1");
    }

    @Test
    void endsAQuestionToThePerson() {
        String id = kernel.submit("new Scanner(System.in).nextLine()", Map.of("allow_stdin", true));
        kernel.await("a question", message -> message.type().equals("input_request"));
        kernel.interrupt();

        assertThat(kernel.outcome(id).reply().get("evalue").getAsString()).isEqualTo("Cell interrupted");
        assertThat(kernel.run("40 + 2").value()).isEqualTo("42");
    }

    @Test
    void isNotLostBetweenStatements() {
        StringBuilder code = new StringBuilder("System.out.println(\"runs\");\n");
        for (int i = 0; i < 60; i++) {
            code.append("double between").append(i).append(" = ").append(i).append(";\n");
        }
        String id = kernel.submit(code + "System.out.println(\"reached\");\nwhile (true) { }", Map.of());
        kernel.awaitPrinted(id, "runs");
        kernel.interrupt();
        Outcome cell = kernel.outcome(id);

        assertThat(cell.reply().get("evalue").getAsString()).isEqualTo("Cell interrupted");
        assertThat(cell.printed("stdout")).doesNotContain("reached");
    }

    @Test
    void isHandledByATrainingThatReturnsWhatItHas() {
        Outcome cell = interrupted("int steps = Training.train();", "System.out.println(\"evaluated\");", "steps > 0");

        assertThat(cell.status()).isEqualTo("ok");
        assertThat(cell.printed("stdout")).endsWith("evaluated\n");
        assertThat(cell.value()).isEqualTo("true");
    }

    @Test
    void isHandledByALoopOfTheCellThatLooksAtIt() {
        Outcome cell = interrupted(
                "long rounds = 0;", "{ runs(); while (!Thread.interrupted()) { rounds++; } }", "rounds > 0");

        assertThat(cell.value()).isEqualTo("true");
    }

    @Test
    void endsTheLoopAroundATraining() {
        Outcome cell = interrupted(
                "int trainings = 0;", "for (int seed = 0; seed < 1000; seed++) { Training.train(); trainings++; }");

        assertThat(cell.reply().get("evalue").getAsString()).isEqualTo("Cell interrupted");
        assertThat(kernel.run("trainings").value()).isEqualTo("1");
    }

    @Test
    void endsTheCellAfterACallThatLeftItUnread() {
        Outcome cell = interrupted("String answer = Training.deaf();", "System.out.println(\"reached\");");

        assertThat(cell.reply().get("evalue").getAsString()).isEqualTo("Cell interrupted");
        assertThat(cell.printed("stdout")).doesNotContain("reached");
    }

    @Test
    void askedTwiceLeavesACallBehindThatDoesNotListen() {
        String id = kernel.submit("Training.hang();", Map.of());
        kernel.awaitPrinted(id, "runs");
        kernel.interrupt();
        kernel.awaitPrinted(id, "Waiting for the running call to notice the interrupt");
        kernel.interrupt();
        Outcome cell = kernel.outcome(id);
        Outcome next = kernel.run("Training.stop = true;", "40 + 2");

        assertThat(cell.printed("stderr")).contains("It goes on in the background; its result is lost.");
        assertThat(cell.reply().get("evalue").getAsString()).isEqualTo("Cell interrupted");
        assertThat(next.value()).isEqualTo("42");
    }

    @Test
    void queuedCellsAreAbortedToo() {
        String first = kernel.submit("{ runs(); Thread.sleep(60_000); }", Map.of());
        String second = kernel.submit("1", Map.of());
        kernel.awaitPrinted(first, "runs");
        kernel.interrupt();

        assertThat(List.of(
                        kernel.outcome(first).status(), kernel.outcome(second).status()))
                .containsExactly("error", "aborted");
    }

    @Test
    void withoutARunningCellChangesNothing() {
        kernel.interrupt();

        assertThat(kernel.run("Thread.currentThread().isInterrupted()").value()).isEqualTo("false");
    }

    @Test
    void aTimeLimitEndsAStatement() {
        try (KernelProcess limited = KernelProcess.start(Map.of("IJAVA_TIMEOUT", "2 seconds"))) {
            Outcome cell = limited.run("while (true) { }");

            assertThat(cell.reply().get("evalue").getAsString())
                    .isEqualTo("the statement must end within 2s (IJAVA_TIMEOUT)");
            assertThat(limited.run("40 + 2").value()).isEqualTo("42");
            assertThat(limited.endsWithin(Duration.ofMillis(10))).isFalse();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
