// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;
import org.lamella.base.Listing;
import org.lamella.base.Result;

/** Runs the story of the design, src/test/resources/story.jsh, line by line on the real model and the real texts. */
public final class StoryIT {

    private static final List<String> SEEN = new ArrayList<>();

    /** Called by the story's shell with the value of each line that is an expression. */
    public static void look(Object value) {
        if (value instanceof Listing listing) {
            assertThat(listing.table().columnCount()).isPositive();
        }
        if (value instanceof Result result) {
            assertThat(result.chart().asJavascript("story")).contains("Plotly.newPlot");
            assertThat(result.provenance().recipe()).isNotBlank();
        }
        SEEN.add(Objects.requireNonNull(value).toString());
    }

    @Test
    void everyLineOfTheStoryRuns() {
        SEEN.clear();
        try (JShell shell = shell()) {
            run(shell, text(Path.of("environment/imports.jsh")));
            run(shell, story());
        }
        assertThat(SEEN).hasSizeGreaterThan(15);
        assertThat(SEEN).anyMatch(seen -> seen.contains("of 6"));
    }

    private static JShell shell() {
        JShell shell = JShell.builder().executionEngine("local").build();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        shell.addToClasspath(classPath);
        return shell;
    }

    /** Feeds line by line, as a person types: a line may end without a semicolon, a statement may go on in the next. */
    private static void run(JShell shell, String text) {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        String pending = "";
        for (String line : text.lines().toList()) {
            SourceCodeAnalysis.CompletionInfo next = analysis.analyzeCompletion(pending + line + "\n");
            while (next.completeness().isComplete()) {
                shell.eval(next.source()).forEach(event -> take(shell, event));
                next = analysis.analyzeCompletion(next.remaining());
            }
            pending = next.remaining();
        }
        assertThat(pending.strip()).as("what the shell could not read").isEmpty();
    }

    private static void take(JShell shell, SnippetEvent event) {
        requireFine(shell, event);
        if (event.snippet() instanceof jdk.jshell.VarSnippet variable
                && variable.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
            shell.eval("org.lamella.StoryIT.look(" + variable.name() + ")").forEach(seen -> requireFine(shell, seen));
        }
    }

    private static void requireFine(JShell shell, SnippetEvent event) {
        String source = event.snippet().source();
        if (event.exception() != null) {
            throw new AssertionError("\"" + source + "\" failed", event.exception());
        }
        assertThat(event.status())
                .as("\"" + source + "\": "
                        + shell.diagnostics(event.snippet())
                                .map(diagnostic -> diagnostic.getMessage(java.util.Locale.ROOT))
                                .toList())
                .isNotIn(Snippet.Status.REJECTED, Snippet.Status.RECOVERABLE_NOT_DEFINED);
    }

    private static String story() {
        try (InputStream in = Objects.requireNonNull(StoryIT.class.getResourceAsStream("/story.jsh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
