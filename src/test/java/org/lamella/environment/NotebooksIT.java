// SPDX-License-Identifier: Apache-2.0
package org.lamella.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every notebook runs to its end at the quick scale, through the real kernel on the JDK of this test. */
class NotebooksIT {
    private static final Path NOTEBOOKS = Path.of("notebooks");

    @TestFactory
    Stream<DynamicTest> everyNotebookRunsToItsEnd() throws IOException {
        return notebooks().stream().map(each -> DynamicTest.dynamicTest(each.toString(), () -> runsToItsEnd(each)));
    }

    private static void runsToItsEnd(Path notebook) throws IOException, InterruptedException {
        byte[] before = Files.readAllBytes(notebook);
        Path copy =
                Path.of("target", "notebooks-" + Runtime.version().feature()).resolve(notebook.getFileName());

        Command run = Command.run(
                Path.of("").toAbsolutePath(),
                Map.of(),
                "start",
                "--in-maven",
                "notebook",
                notebook.toString(),
                copy.toString());

        System.out.printf(
                "%s: %.1f s on JDK %d%n",
                notebook, run.seconds(), Runtime.version().feature());
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(Files.readString(copy)).doesNotContain("\"output_type\": \"error\"");
        assertThat(Files.readAllBytes(notebook)).as("the committed notebook").isEqualTo(before);
    }

    private static List<Path> notebooks() throws IOException {
        if (!Files.isDirectory(NOTEBOOKS)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(NOTEBOOKS)) {
            return found.filter(path -> path.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
        }
    }
}
