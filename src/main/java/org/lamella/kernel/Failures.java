// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import org.jspecify.annotations.Nullable;

/** Says what went wrong, and in which line of which cell. Only names of errors are coloured, so that all can be read. */
final class Failures {

    private static final String RED = "\u001b[1;31m";
    private static final String PLAIN = "\u001b[0m";
    private static final Pattern MACHINERY = Pattern.compile(
            "org\\.lamella\\.kernel\\.|io\\.github\\.spencerpark\\.|jdk\\.internal\\.reflect\\.|java\\.lang\\.reflect\\.");
    private static final Pattern SNIPPET = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)[A-Z]*(?:\\$(\\w+))?");
    private static final int FRAMES_AT_TOP = 24;
    private static final int FRAMES_AT_END = 4;

    private final Map<String, Place> places = new ConcurrentHashMap<>();

    /** Notes where a snippet was typed. */
    void put(Snippet snippet, Place place) {
        places.put(snippet.id(), place);
    }

    /**
     * Tells of an exception with all its causes.
     *
     * @param thrown what was thrown
     * @param mapped the same as JShell tells it, with the lines of snippets; null when it did not come out of a snippet
     */
    CellFailure thrown(Throwable thrown, @Nullable Throwable mapped) {
        List<String> lines = new ArrayList<>();
        String prefix = "";
        Throwable lineSource = mapped;
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            lines.add(prefix + heading(cause));
            frames(lineSource == null ? cause.getStackTrace() : lineSource.getStackTrace(), lines);
            for (Throwable suppressed : cause.getSuppressed()) {
                lines.add("    Suppressed: " + suppressed);
            }
            lineSource = lineSource == null ? null : lineSource.getCause();
            prefix = "Caused by: ";
        }
        return new CellFailure(thrown.getClass().getName(), message(thrown), lines);
    }

    private static String message(Throwable thrown) {
        try {
            return String.valueOf(thrown.getMessage());
        } catch (Throwable broken) { // an exception of the notebook whose getMessage fails
            return "(its message cannot be shown: " + broken.getClass().getName() + ")";
        }
    }

    private static String heading(Throwable thrown) {
        String message = message(thrown);
        String name = RED + thrown.getClass().getName() + PLAIN;
        return message.equals("null") ? name : name + ": " + message;
    }

    private void frames(StackTraceElement[] trace, List<String> lines) {
        List<String> frames = new ArrayList<>();
        for (StackTraceElement frame : trace) {
            if (frame.getClassName().equals(Execution.class.getName())) {
                break; // below is the kernel
            }
            if (!MACHINERY.matcher(frame.getClassName()).lookingAt()) {
                frames.add("    at " + text(frame));
            }
        }
        frames = folded(frames);
        int left = frames.size() - FRAMES_AT_TOP - FRAMES_AT_END;
        if (left <= 0) {
            lines.addAll(frames);
            return;
        }
        lines.addAll(frames.subList(0, FRAMES_AT_TOP));
        lines.add("    ... " + left + " more");
        lines.addAll(frames.subList(frames.size() - FRAMES_AT_END, frames.size()));
    }

    /** Says a frame of a recursion once, and how often. */
    private static List<String> folded(List<String> frames) {
        List<String> folded = new ArrayList<>();
        for (int at = 0; at < frames.size(); ) {
            int next = at;
            while (next < frames.size() && frames.get(next).equals(frames.get(at))) {
                next++;
            }
            folded.add(frames.get(at) + (next - at > 1 ? " (" + (next - at) + " times)" : ""));
            at = next;
        }
        return folded;
    }

    private String text(StackTraceElement frame) {
        String file = frame.getFileName();
        Place place = file != null && file.startsWith("#") ? places.get(file.substring(1)) : null;
        if (place == null) {
            return unmapped(frame);
        }
        String where = place.at(frame.getLineNumber()).toString();
        if (frame.getMethodName().isEmpty()) {
            return where;
        }
        String type = frame.getClassName();
        return (type.isEmpty() ? "" : type + ".") + frame.getMethodName() + "(" + where + ")";
    }

    /** A frame of a snippet that did not pass through JShell has no line, but its cell is known. */
    private String unmapped(StackTraceElement frame) {
        Matcher snippet = SNIPPET.matcher(frame.getClassName());
        Place place = snippet.matches() ? places.get(snippet.group(1)) : null;
        if (place == null) {
            return frame.toString();
        }
        String type = snippet.group(2) == null ? "" : snippet.group(2) + ".";
        return type + frame.getMethodName() + "(" + place.source() + ")";
    }

    /** Tells that the person stopped the cell, and where it was. */
    CellFailure interrupted(@Nullable Throwable mapped) {
        List<String> lines = new ArrayList<>();
        lines.add(RED + "Cell interrupted" + PLAIN);
        if (mapped != null) {
            frames(mapped.getStackTrace(), lines);
        }
        return new CellFailure("Interrupted", "Cell interrupted", lines);
    }

    /** Tells that a statement took longer than it may. */
    CellFailure timedOut(String limit) {
        String message = "the statement must end within " + limit + " (IJAVA_TIMEOUT)";
        return new CellFailure("TimedOut", message, List.of(RED + "TimedOut" + PLAIN + ": " + message));
    }

    /** Tells of something that no exception stands for. */
    static CellFailure plain(String name, String message) {
        return new CellFailure(name, message, List.of(RED + name + PLAIN + ": " + message));
    }

    /** Tells that a cell ends in the middle of a statement. */
    static CellFailure incomplete(String source, Place place) {
        String first = source.strip().lines().findFirst().orElse("");
        String message = "the cell ends before this statement does; is a ) or a } missing?";
        return new CellFailure(
                "IncompleteCode",
                message,
                List.of(RED + "IncompleteCode" + PLAIN + " in " + place + ": " + message, "    " + first));
    }

    /** Tells that a method was called which uses something that does not exist yet. */
    static CellFailure unresolved(JShell shell, DeclarationSnippet snippet) {
        String message = sentence(shell, snippet);
        return new CellFailure("Unresolved", message, List.of(RED + "Unresolved" + PLAIN + ": " + message));
    }

    /** Returns what a declaration waits for. */
    static String sentence(JShell shell, DeclarationSnippet snippet) {
        List<String> missing = shell.unresolvedDependencies(snippet).toList();
        String what = snippet.kind().name().toLowerCase(Locale.ROOT) + " " + snippet.name();
        if (missing.isEmpty()) {
            return shell.diagnostics(snippet)
                    .map(problem -> what + " cannot be used: " + firstLine(problem))
                    .findFirst()
                    .orElse(what + " cannot be used");
        }
        return what + " cannot be used until there is " + String.join(", ", missing);
    }

    private static String firstLine(Diag problem) {
        return problem.getMessage(Locale.ENGLISH).lines().findFirst().orElse("");
    }

    /**
     * Tells what the compiler refuses.
     *
     * @param problems what it said
     * @param source the statement
     * @param place where the statement was typed
     */
    static CellFailure refused(List<Diag> problems, String source, Place place) {
        List<String> lines = new ArrayList<>();
        List<Diag> errors = problems.stream().filter(Diag::isError).toList();
        for (Diag problem : errors) {
            lines.addAll(located(problem, source, place));
        }
        String message = errors.isEmpty() ? "the statement cannot be compiled" : firstLine(errors.get(0));
        if (lines.isEmpty()) {
            lines.add(RED + "CompilationError" + PLAIN + " in " + place + ": " + message);
        }
        return new CellFailure("CompilationError", message, lines);
    }

    private static List<String> located(Diag problem, String source, Place place) {
        int position = (int) Math.max(0, Math.min(problem.getPosition(), source.length()));
        int start = (int) Math.max(0, Math.min(problem.getStartPosition(), source.length()));
        if (start < source.lastIndexOf('\n', Math.max(0, position - 1)) + 1) {
            start = position; // the error spans lines: point at its place, not at its beginning
        }
        int lineStart = start == 0 ? 0 : source.lastIndexOf('\n', start - 1) + 1;
        int lineEnd = source.indexOf('\n', start) < 0 ? source.length() : source.indexOf('\n', start);
        int line = 1
                + (int) source.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        int length = (int) Math.max(1, Math.min(problem.getEndPosition(), lineEnd) - start);
        String message = problem.getMessage(Locale.ENGLISH)
                .lines()
                .filter(text -> !text.strip().startsWith("location:"))
                .map(String::strip)
                .collect(Collectors.joining("; "));
        return List.of(
                RED + "CompilationError" + PLAIN + " in " + place.at(line) + ": " + message,
                "    " + source.substring(lineStart, lineEnd),
                "    " + blanks(source.substring(lineStart, start)) + "^".repeat(length));
    }

    private static String blanks(String text) {
        return text.replaceAll("[^\\t]", " ");
    }
}
