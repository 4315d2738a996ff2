// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.UndefinedMagicException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.UnresolvedReferenceException;
import org.jspecify.annotations.Nullable;
import org.lamella.kernel.CellSource.Java;
import org.lamella.kernel.CellSource.Part;
import org.lamella.kernel.CellSource.TopLevelMagic;

/** Runs the text of a cell: statement after statement through JShell, and the magics between them. */
final class Evaluator {

    private final Supplier<JShell> shell;
    private final Execution execution;
    private final NotebookMagics magics;
    private final Failures failures = new Failures();
    private final String timeLimit;
    private final Consumer<String> warnings;
    private String source = "cell";

    /**
     * Makes an evaluator.
     *
     * @param shell waits for JShell, which starts in the background
     * @param execution where compiled code runs
     * @param magics what a percent sign calls
     * @param timeLimit how long a statement may run, in words
     * @param warnings takes sentences for the person
     */
    Evaluator(
            Supplier<JShell> shell,
            Execution execution,
            NotebookMagics magics,
            String timeLimit,
            Consumer<String> warnings) {
        this.shell = shell;
        this.execution = execution;
        this.magics = magics;
        this.timeLimit = timeLimit;
        this.warnings = warnings;
    }

    /**
     * What a cell comes to.
     *
     * @param object the value of the last statement; null if it has none
     * @param shown whether the statement is an expression without a semicolon
     */
    record Value(@Nullable Object object, boolean shown) {
        static final Value NONE = new Value(null, false);
    }

    /**
     * Runs a text and returns the value of its last statement.
     *
     * @param from what the text is called in error messages, for instance {@code cell [3]}
     * @param code Java and magics
     */
    Value evaluate(String from, String code) throws CellFailure {
        String before = source;
        source = from;
        try {
            Optional<MagicCall> cellMagic = MagicCall.ofCell(code);
            if (cellMagic.isPresent()) {
                return magic(cellMagic.get());
            }
            return evaluateParts(CellSource.scan(code, magics::knowsLine).parts());
        } finally {
            source = before;
        }
    }

    /** Runs a text that belongs to the one that runs now, as {@code %time} does. */
    Value evaluateWithin(String code) throws CellFailure {
        return evaluate(source, code);
    }

    private Value evaluateParts(List<Part> parts) throws CellFailure {
        Value value = Value.NONE;
        List<DeclarationSnippet> unresolved = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Java java) {
                value = evaluateJava(java, unresolved);
            } else if (part instanceof TopLevelMagic magic) {
                value = magic(magic.call());
            }
        }
        for (DeclarationSnippet snippet : unresolved) {
            Snippet.Status status = shell.get().status(snippet);
            if (status == Snippet.Status.RECOVERABLE_DEFINED || status == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
                warnings.accept(Failures.sentence(shell.get(), snippet) + "\n");
            }
        }
        return value;
    }

    private Value evaluateJava(Java java, List<DeclarationSnippet> unresolved) throws CellFailure {
        SourceCodeAnalysis analysis = shell.get().sourceCodeAnalysis();
        Value value = Value.NONE;
        String rest = java.text();
        int line = java.line();
        while (true) {
            int blanks = leadingBlanks(rest);
            line += newlines(rest.substring(0, blanks));
            rest = rest.substring(blanks);
            CompletionInfo next = analysis.analyzeCompletion(rest);
            if (next.completeness() == Completeness.EMPTY) {
                return value;
            }
            Place place = new Place(source, line);
            if (!next.completeness().isComplete()) {
                throw Failures.incomplete(rest, place);
            }
            value = evaluateStatement(next.source(), place, unresolved);
            line += newlines(rest.substring(0, rest.length() - next.remaining().length()));
            rest = next.remaining();
        }
    }

    private static int leadingBlanks(String text) {
        return text.length() - text.stripLeading().length();
    }

    private static int newlines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }

    private Value evaluateStatement(String statement, Place place, List<DeclarationSnippet> unresolved)
            throws CellFailure {
        if (execution.stopped() != Execution.Stop.NONE) {
            throw stopped(null);
        }
        Value value = Value.NONE;
        for (SnippetEvent event : shell.get().eval(statement)) {
            if (event.causeSnippet() != null) {
                continue; // an older snippet that is compiled again because of this one
            }
            failures.put(event.snippet(), place);
            if (event.exception() != null) {
                throw failure(event.exception());
            }
            switch (event.status()) {
                case REJECTED ->
                    throw Failures.refused(
                            shell.get().diagnostics(event.snippet()).toList(), statement, place);
                case RECOVERABLE_DEFINED, RECOVERABLE_NOT_DEFINED ->
                    unresolved.add((DeclarationSnippet) event.snippet());
                default -> value = value(event.snippet(), statement);
            }
        }
        return value;
    }

    private Value value(Snippet snippet, String statement) {
        boolean expression =
                switch (snippet.subKind()) {
                    case VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND, TEMP_VAR_EXPRESSION_SUBKIND -> true;
                    default -> false;
                };
        if (!expression || (snippet instanceof ExpressionSnippet typed && "void".equals(typed.typeName()))) {
            return Value.NONE;
        }
        boolean silenced =
                CellSource.scan(statement, name -> false).mask().stripTrailing().endsWith(";");
        return new Value(execution.value(), !silenced);
    }

    private CellFailure failure(JShellException mapped) {
        if (execution.stopped() != Execution.Stop.NONE) {
            return stopped(mapped);
        }
        if (mapped instanceof UnresolvedReferenceException unresolved) {
            return Failures.unresolved(shell.get(), unresolved.getSnippet());
        }
        Throwable thrown = execution.thrown();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CellFailure inner) {
                return inner; // of code that the statement evaluated
            }
        }
        return failures.thrown(thrown == null ? mapped : thrown, mapped);
    }

    private CellFailure stopped(@Nullable Throwable mapped) {
        return execution.stopped() == Execution.Stop.TIMED_OUT
                ? failures.timedOut(timeLimit)
                : failures.interrupted(mapped);
    }

    private Value magic(MagicCall call) throws CellFailure {
        try {
            if (magics.evaluates(call)) {
                return magics.evaluate(call);
            }
            execution.call(() -> magics.apply(call));
            return Value.NONE;
        } catch (CellFailure failure) {
            throw failure;
        } catch (UndefinedMagicException unknown) {
            throw Failures.plain("UnknownMagic", magics.unknown(call));
        } catch (Throwable problem) {
            throw failure(problem);
        }
    }

    /** Tells of what was thrown outside a snippet: by a magic, or by drawing a value. */
    CellFailure failure(Throwable problem) {
        if (problem instanceof CellFailure failure) {
            return failure;
        }
        return execution.stopped() != Execution.Stop.NONE ? stopped(problem) : failures.thrown(problem, null);
    }
}
