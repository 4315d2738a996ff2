// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** The part of a cell before the cursor that JShell can look at: it reads one statement, with local variables before it. */
final class Context {

    private static final Pattern STARTS_DECLARATION =
            Pattern.compile("^(?:(?:public|private|protected|static|final|abstract|sealed|non-sealed|strictfp)\\s+)*"
                    + "(?:import|package|class|interface|enum|record|@interface)\\b");
    private static final Pattern METHOD = Pattern.compile("(?s)^[^=;(]*\\([^)]*\\)[^;={]*\\{.*\\}$");
    private static final Pattern CONTROL =
            Pattern.compile("(?s)^(?:if|for|while|do|switch|try|synchronized|return|throw|assert|new)\\b.*");

    private Context() {}

    /**
     * Returns the text up to the cursor, as long as it is, with blanks in place of what would hide the rest from JShell:
     * magics, imports and declarations of earlier statements.
     */
    static String of(Session session, String code, int cursor) {
        SourceCodeAnalysis analysis = session.shell().sourceCodeAnalysis();
        String text = CellSource.scan(code.substring(0, cursor), session.magics()::knowsLine)
                .withoutMagics();
        StringBuilder visible = new StringBuilder();
        String rest = text;
        while (true) {
            CompletionInfo next = analysis.analyzeCompletion(rest);
            boolean more = next.completeness().isComplete()
                    && next.remaining().length() < rest.length()
                    && !next.remaining().isBlank();
            if (!more) {
                return visible.append(rest).toString();
            }
            String statement =
                    rest.substring(0, rest.length() - next.remaining().length());
            visible.append(hides(statement.strip()) ? " ".repeat(statement.length()) : statement);
            rest = next.remaining();
        }
    }

    private static boolean hides(String statement) {
        boolean declaration = STARTS_DECLARATION.matcher(statement).find();
        boolean method = METHOD.matcher(statement).matches()
                && !CONTROL.matcher(statement).matches();
        return declaration || method;
    }
}
