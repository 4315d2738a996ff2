// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the package pages compile as they stand, with what a notebook has imported. */
class ChaptersTest {

    private static final Path HOUSE = Path.of("src/main/java/org/lamella");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", Pattern.DOTALL);

    @TempDir
    Path classes;

    static List<Path> chaptersWithAnExample() throws IOException {
        try (Stream<Path> files = Files.walk(HOUSE)) {
            return files.filter(file -> file.endsWith("package-info.java"))
                    .filter(file -> EXAMPLE.matcher(text(file)).find())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("chaptersWithAnExample")
    void theExampleCompiles(Path chapter) throws IOException {
        Matcher matcher = EXAMPLE.matcher(text(chapter));

        while (matcher.find()) {
            String example = matcher.group(1)
                    .lines()
                    .map(line -> line.replaceFirst("^ \\* ?", ""))
                    .collect(Collectors.joining("\n"));
            assertThat(errorsOf(example, room(chapter))).isEmpty();
        }
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(chaptersWithAnExample()).hasSizeGreaterThanOrEqualTo(6);
    }

    private List<String> errorsOf(String example, String room) throws IOException {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String source = "import " + room + ".*;\n" + imports() + "class Chapter {\nvoid example() throws Exception {\n"
                + example + "\n}\n}\n";
        List<String> options =
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
        compiler.getTask(null, null, found, options, null, List.of(new InMemory(source)))
                .call();
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(null) + " in\n" + example)
                .toList();
    }

    // a room inside another is not imported everywhere, but its own chapter may speak of it
    private static String room(Path chapter) {
        Matcher matcher = Pattern.compile("(?m)^package ([\\w.]+);").matcher(text(chapter));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String imports() throws IOException {
        try (Stream<Path> files = Files.walk(HOUSE)) {
            String rooms = files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> HOUSE.relativize(file.getParent())
                            .toString()
                            .replace('\\', '.')
                            .replace('/', '.'))
                    .filter(room -> !room.contains("internal") && !room.startsWith("kernel"))
                    .map(room -> "import org.lamella." + room + ".*;\n")
                    .collect(Collectors.joining());
            return rooms + "import java.nio.file.*;\nimport java.util.*;\nimport tech.tablesaw.api.Table;\n"
                    + "import tech.tablesaw.plotly.components.Figure;\n";
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class InMemory extends SimpleJavaFileObject {

        private final String source;

        InMemory(String source) {
            super(URI.create("string:///Chapter.java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
