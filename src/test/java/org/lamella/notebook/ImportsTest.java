// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;

class ImportsTest {

    private static final Path IMPORTS = Path.of("environment/imports.jsh");

    @Test
    void everyLineIsUnderstoodByPlainJshell() throws IOException {
        List<String> rejected = new ArrayList<>();
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .forEach(shell::addToClasspath);
            for (String line : Files.readAllLines(IMPORTS)) {
                for (SnippetEvent event : line.startsWith("//") ? List.<SnippetEvent>of() : shell.eval(line)) {
                    if (event.status() != Snippet.Status.VALID || event.exception() != null) {
                        rejected.add(line + " " + event.exception());
                    }
                }
            }
        }

        assertThat(rejected).isEmpty();
    }

    @Test
    void everyRoomThatANotebookUsesIsImported() throws IOException {
        List<String> lines = Files.readAllLines(IMPORTS);

        assertThat(Stream.of("base", "data", "model", "score", "lora", "eval", "boundary", "study", "notebook")
                        .filter(room -> Files.exists(Path.of("src/main/java/org/lamella", room, "package-info.java")))
                        .map(room -> "import org.lamella." + room + ".*;"))
                .isSubsetOf(lines);
    }
}
