// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.kernel.KernelProcess.Outcome;

/** The lines that start with a percent sign. */
class KernelMagicsIT {

    private static KernelProcess kernel;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        // Maven's own settings: a home of its own, and a folder in place of the network
        Path settings = Files.createDirectories(folder.resolve(".m2")).resolve("settings.xml");
        Files.writeString(
                settings,
                "<settings><mirrors><mirror><id>folder</id><mirrorOf>central</mirrorOf><url>"
                        + folder.resolve("central").toUri() + "</url></mirror></mirrors></settings>");
        kernel = KernelProcess.start(Map.of("JAVA_TOOL_OPTIONS", "-Duser.home=" + folder));
    }

    @AfterAll
    static void end() {
        kernel.close();
    }

    /** Makes a jar with one text in it. */
    private static Path jar(Path file, String entry, String text) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream bytes = Files.newOutputStream(file);
                JarOutputStream out = new JarOutputStream(bytes)) {
            out.putNextEntry(new JarEntry(entry));
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static String resource(String name) {
        return "new String(Thread.currentThread().getContextClassLoader().getResourceAsStream(\"" + name
                + "\").readAllBytes())";
    }

    @Test
    void aPercentSignInsideATextBlockIsText() {
        assertThat(kernel.run("String text = \"\"\"", "    %jars x", "    %time y\"\"\";", "text")
                        .value())
                .isEqualTo("%jars x\n%time y");
        assertThat(kernel.run("int rest = 17", "    % 5;", "rest").value()).isEqualTo("2");
        assertThat(kernel.run("/*", "%jars x", "*/", "// %jars", "\"a%n\"").value())
                .isEqualTo("a%n");
    }

    @Test
    void jarsAndClasspathAddWhatTheyFindAndShowNothing() throws IOException {
        jar(folder.resolve("a/one.jar"), "one.txt", "1");
        Files.writeString(Files.createDirectories(folder.resolve("classes")).resolve("two.txt"), "2");

        assertThat(kernel.run("%jars " + folder + "/a/*.jar").outputs()).isEmpty();
        assertThat(kernel.run("%classpath \"" + folder + "/classes\"").outputs())
                .isEmpty();
        assertThat(kernel.run(resource("one.txt") + " + " + resource("two.txt")).value())
                .isEqualTo("12");
        assertThat(kernel.run("%jars " + folder + "/none/*.jar").printed("stderr"))
                .isEqualTo("nothing is at \"" + folder + "/none/*.jar\"\n");
    }

    @Test
    void aMagicMayStandInABlockAndInAnAssignment() throws IOException {
        jar(folder.resolve("b/nested.jar"), "nested.txt", "n");
        Outcome cell = kernel.run(
                "List<String> added = %jars " + folder + "/b/*.jar",
                "for (int i = 0; i < 1; i++) {",
                "    %classpath " + folder,
                "}",
                "added.size()");

        assertThat(cell.value()).isEqualTo("1");
    }

    @Test
    void timeTellsHowLongAndGivesTheValue() {
        Outcome line = kernel.run("%time 6 * 7");
        Outcome cell = kernel.run("%%time", "int counted = 3;", "counted + 1");

        assertThat(line.value()).isEqualTo("42");
        assertThat(line.printed("stdout")).matches("Time: [\\d.]+ (ms|s)\n");
        assertThat(cell.value()).isEqualTo("4");
        assertThat(kernel.run("counted").value()).isEqualTo("3");
        assertThat(kernel.run("%time throw new IllegalStateException(\"x\");").traceback())
                .startsWith("java.lang.IllegalStateException: x\n    at cell [");
    }

    @Test
    void loadRunsFilesAndTheCodeOfNotebooks() throws IOException {
        Path file = Files.writeString(folder.resolve("script.jsh"), "int loaded = 5;\n\nint bad = 1 / 0;\n");
        Path notebook = Files.writeString(
                folder.resolve("book.ipynb"),
                "{\"cells\":[{\"cell_type\":\"markdown\",\"source\":[\"%no\"]},"
                        + "{\"cell_type\":\"code\",\"source\":[\"int fromBook = 8;\\n\",\"int more = 1;\"]}]}");

        Outcome script = kernel.run("%load " + folder + "/script");
        assertThat(script.traceback()).isEqualTo("java.lang.ArithmeticException: / by zero\n    at script.jsh, line 3");
        assertThat(kernel.run("loaded").value()).isEqualTo("5");
        assertThat(kernel.run("%load " + notebook, "fromBook + more").value()).isEqualTo("9");
        assertThat(kernel.run("if (true) {", "%load " + notebook, "}", "fromBook")
                        .value())
                .isEqualTo("8");
        assertThat(kernel.run("%load " + file + ".no").only("error").text("ename"))
                .isEqualTo("FileNotFoundException");
    }

    @Test
    void codeMayEvaluateCode() {
        assertThat(kernel.run("int twice(int n) throws Exception { return (int) eval(n + \" * 2\"); }", "twice(21)")
                        .value())
                .isEqualTo("42");
    }

    @Test
    void mavenFindsJarsInItsRepositories() throws IOException {
        repository(
                "com.example",
                "lib",
                "<dependencies><dependency><groupId>com.example</groupId>"
                        + "<artifactId>base</artifactId><version>1.0</version></dependency></dependencies>");
        repository("com.example", "base", "");
        Outcome cell = kernel.run(
                "%mavenRepo local " + folder.resolve("repository").toUri(),
                "%maven com.example:lib:1.0",
                resource("lib.txt") + " + " + resource("base.txt"));

        assertThat(cell.value()).isEqualTo("libbase");
    }

    @Test
    void aPomInACellIsLoaded() throws IOException {
        repository("com.example", "pom-lib", "");
        Outcome cell = kernel.run(
                "%%loadFromPOM",
                "<repository><id>local2</id><url>"
                        + folder.resolve("repository").toUri() + "</url></repository>",
                "<dependency><groupId>com.example</groupId><artifactId>pom-lib</artifactId><version>1.0</version></dependency>");

        assertThat(cell.outputs()).isEmpty();
        assertThat(kernel.run(resource("pom-lib.txt")).value()).isEqualTo("pom-lib");
    }

    @Test
    void whatMavenCannotFindIsNamed() {
        assertThat(kernel.run("%maven --from " + folder.resolve("empty").toUri() + " com.example:nowhere:9")
                        .only("error")
                        .text("evalue"))
                .contains("com.example:nowhere:jar:9");
    }

    private static void repository(String group, String artifact, String dependencies) throws IOException {
        Path version = folder.resolve("repository/" + group.replace('.', '/') + "/" + artifact + "/1.0");
        jar(version.resolve(artifact + "-1.0.jar"), artifact + ".txt", artifact);
        Files.writeString(
                version.resolve(artifact + "-1.0.pom"),
                "<project><modelVersion>4.0.0</modelVersion><groupId>" + group + "</groupId><artifactId>" + artifact
                        + "</artifactId><version>1.0</version>" + dependencies + "</project>");
    }

    @Test
    void anUnknownMagicNamesThoseThatExist() {
        assertThat(kernel.run("%jar x").only("error").text("evalue"))
                .startsWith("there is no %jar; there are %addMavenDependencies ")
                .contains(" %jars ");
    }

    @Test
    void aMagicOfTheNotebookIsFoundByItsName() {
        Outcome cell = kernel.run(
                "getKernelInstance().getMagics().registerLineMagic(\"greet\", names -> {",
                "    System.out.print(\"hello \" + names);",
                "    return null;",
                "});",
                "%greet \"my friend\" you");

        assertThat(cell.printed("stdout")).isEqualTo("hello [my friend, you]");
    }

    @Test
    void variablesAreListedAndNamesExplained() {
        kernel.run("double learningRate = 0.003;");

        assertThat(kernel.run("%vars").only("display_data").data("text/html")).contains("learningRate");
        assertThat(kernel.run("%who").printed("stdout")).contains("learningRate");
        assertThat(kernel.run("?Math.sqrt").printed("stdout")).startsWith("double Math.sqrt(double a)");
        assertThat(kernel.run("learningRate?").printed("stdout"))
                .contains("learningRate")
                .contains("double");
    }
}
