// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.VarSnippet;

/** Says what is under the cursor: the name there, else the call that it stands in or behind. */
final class Inspection {

    private Inspection() {}

    /** Returns signatures and documentation as plain text; empty when nothing is known. */
    static Optional<String> at(Session session, String code, int cursor) {
        int place = Math.max(0, Math.min(cursor, code.length()));
        String mask = CellSource.scan(code, session.magics()::knowsLine).mask();
        for (int candidate : candidates(mask, place)) {
            String java = Context.of(session, code, candidate);
            List<Documentation> found = session.shell().sourceCodeAnalysis().documentation(java, java.length(), true);
            Optional<String> text = text(found).or(() -> variable(session, java));
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    /** Returns the offsets to ask about, the likeliest first. */
    private static Set<Integer> candidates(String mask, int place) {
        Set<Integer> offsets = new LinkedHashSet<>();
        int end = place;
        while (end < mask.length() && Character.isJavaIdentifierPart(mask.charAt(end))) {
            end++;
        }
        boolean inName = end > 0 && Character.isJavaIdentifierPart(mask.charAt(end - 1));
        if (inName) {
            int open = skipBlanks(mask, end);
            if (open < mask.length() && mask.charAt(open) == '(') {
                offsets.add(open + 1);
            }
            offsets.add(end);
        }
        int last = place;
        while (last > 0 && (Character.isWhitespace(mask.charAt(last - 1)) || mask.charAt(last - 1) == ';')) {
            last--;
        }
        if (last > 0 && mask.charAt(last - 1) == ')') {
            openBefore(mask, last - 1).ifPresent(open -> offsets.add(open + 1));
        }
        Optional<Integer> around = openBefore(mask, place);
        while (around.isPresent()) {
            offsets.add(around.get() + 1);
            around = openBefore(mask, around.get());
        }
        return offsets;
    }

    private static int skipBlanks(String mask, int from) {
        int at = from;
        while (at < mask.length() && Character.isWhitespace(mask.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Returns the opening parenthesis that is still open at an offset. */
    private static Optional<Integer> openBefore(String mask, int offset) {
        int depth = 0;
        for (int at = offset - 1; at >= 0; at--) {
            char c = mask.charAt(at);
            if (c == ')') {
                depth++;
            } else if (c == '(' && depth-- == 0) {
                return Optional.of(at);
            } else if ((c == ';' || c == '{' || c == '}') && depth == 0) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(List<Documentation> found) {
        List<String> parts = new ArrayList<>();
        for (Documentation documentation : found) {
            String javadoc = documentation.javadoc() == null ? "" : Javadoc.plain(documentation.javadoc());
            parts.add(javadoc.isEmpty() ? documentation.signature() : documentation.signature() + "\n" + javadoc);
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts.stream().collect(Collectors.joining("\n\n")));
    }

    private static Optional<String> variable(Session session, String java) {
        int start = java.length();
        while (start > 0 && Character.isJavaIdentifierPart(java.charAt(start - 1))) {
            start--;
        }
        String name = java.substring(start);
        Optional<VarSnippet> variable = session.shell()
                .variables()
                .filter(one -> one.name().equals(name))
                .findFirst();
        return variable.map(one -> one.typeName() + " " + one.name());
    }
}
