// SPDX-License-Identifier: Apache-2.0
package org.lamella.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Set-up in a copy of the project with a home folder of its own: it leaves nothing there, is quick the second time, and
 * repairs what was broken. Downloads Reuters R8; Python packages come from this project's cache of them.
 */
class EnvironmentIT {
    private static final List<String> PARTS = List.of("environment", "datasets", "kernel", "notebooks", "src/main");
    private static final double WARM_SECONDS = 20;

    private static final Path HERE = Path.of("").toAbsolutePath();
    private static final Path STORE = store();
    private static Path scratch = HERE;
    private static Path project = HERE;
    private static Path home = HERE;
    private static Path models = HERE;

    /** The first set-up of the copy; all jars and the model are there, the rest is made. */
    @BeforeAll
    static void setUpOnce() throws IOException, InterruptedException {
        scratch = Files.createTempDirectory("lamella environment");
        project = Files.createDirectories(scratch.resolve("project"));
        home = Files.createDirectories(scratch.resolve("home"));
        models = Files.createDirectories(scratch.resolve("models and tasks"));
        Files.copy(HERE.resolve("pom.xml"), project.resolve("pom.xml"));
        for (String part : PARTS) {
            copy(HERE.resolve(part), project.resolve(part));
        }
        for (String built : List.of("lamella.jar", "lamella-kernel.jar", "lib")) {
            copy(
                    HERE.resolve("target").resolve(built),
                    project.resolve("target").resolve(built));
        }
        for (String model : List.of("minilm", "smollm2-135m")) {
            copy(
                    STORE.resolve("models").resolve(model),
                    models.resolve("models").resolve(model));
        }
        Files.createDirectories(project.resolve(".environment/cache"));
        Files.createDirectories(HERE.resolve(".environment/cache/pip"));
        Files.createSymbolicLink(project.resolve(".environment/cache/pip"), HERE.resolve(".environment/cache/pip"));

        Command first = start("--in-maven", "prepare");

        System.out.printf("first set-up of a copy, already built: %.1f s%n", first.seconds());
        assertThat(first.code()).as(first.output()).isZero();
    }

    @AfterAll
    static void tidy() throws IOException {
        try (Stream<Path> everything = Files.walk(scratch)) {
            for (Path path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void theSecondRunIsWarm() throws IOException, InterruptedException {
        Command again = start("--no-notebook");

        System.out.printf("warm set-up: %.1f s%n", again.seconds());
        assertThat(again.code()).as(again.output()).isZero();
        assertThat(again.seconds()).isLessThan(WARM_SECONDS);
        assertHomeIsUntouched();
    }

    @Test
    void theFirstNotebookIsShownAndItsCommittedFormStays() throws IOException, InterruptedException {
        Path notebook = project.resolve("notebooks/00-start.ipynb");
        byte[] before = Files.exists(notebook) ? Files.readAllBytes(notebook) : new byte[0];

        Command run = start();

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output()).contains("Open it in JupyterLab:  environment/start --lab");
        assertThat(Files.exists(notebook) ? Files.readAllBytes(notebook) : new byte[0])
                .isEqualTo(before);
        assertHomeIsUntouched();
    }

    @Test
    void whatWasBrokenIsNamedAndMended() throws IOException, InterruptedException {
        Path model = models.resolve("models/minilm/config.json");
        Path task = models.resolve("tasks/reuters-r8/reuters-r8-test.tab");
        Path environment = project.resolve(".environment/venv");
        String half = Files.readString(task).substring(0, 1000);
        Files.writeString(task, half);
        Files.delete(environment.resolve("share/jupyter/kernels/java/kernel.json"));
        Files.delete(environment.resolve("lamella.stamp"));

        Command check = start("--check");

        assertThat(check.code()).as(check.output()).isEqualTo(1);
        assertThat(check.output())
                .contains(
                        "MISSING JupyterLab     .environment/venv does not hold what environment/requirements.txt names"
                                + " -> run environment/start")
                .contains("MISSING kernel java    the kernelspec is missing -> run environment/start")
                .contains("MISSING reuters-r8     " + task + " must have 1195292 bytes; got 1000"
                        + " -> run environment/start --fetch reuters-r8")
                .contains("ok      minilm")
                .contains("3 not in order");
        assertThat(Files.readString(task)).isEqualTo(half);

        Command repair = start("--no-notebook");

        assertThat(repair.code()).as(repair.output()).isZero();
        assertThat(start("--check").output()).contains("all in order");
        assertThat(model).exists();
        assertThat(task).hasSize(1195292);
        try (Stream<Path> left = Files.list(models)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("models", "tasks");
        }
        assertHomeIsUntouched();
    }

    private static void assertHomeIsUntouched() throws IOException {
        try (Stream<Path> left = Files.walk(home)) {
            assertThat(left.filter(path -> !path.equals(home))).isEmpty();
        }
    }

    /** Java takes the home folder from the system and not from HOME, so it is told. */
    private static Command start(String... words) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HOME",
                home.toString(),
                "USERPROFILE",
                home.toString(),
                "LAMELLA_HOME",
                models.toString(),
                "JAVA_TOOL_OPTIONS",
                "\"-Duser.home=" + home + "\"",
                "MAVEN_OPTS",
                "-Dmaven.repo.local=" + System.getProperty("user.home") + "/.m2/repository",
                "DJL_CACHE_DIR",
                System.getProperty("user.home") + "/.djl.ai"));
        return Command.run(project, environment, "start", words);
    }

    private static Path store() {
        String named = System.getenv("LAMELLA_HOME");
        return named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "lamella")
                : Path.of(named);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> everything = Files.walk(from)) {
            for (Path path : everything.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(path, target);
                }
            }
        }
    }
}
