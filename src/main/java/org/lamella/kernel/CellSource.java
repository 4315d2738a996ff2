// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The text of a cell, read by a small lexer that knows strings, text blocks, characters and comments, so that a {@code %}
 * is a magic only where it cannot be Java.
 *
 * @param text the cell as typed
 * @param mask as long as the text: code as it is, everything inside literals, comments and magics as blanks
 * @param magics the magic calls in their order
 * @param depth how many brackets are open at the end
 */
record CellSource(String text, String mask, List<Magic> magics, int depth) {

    /**
     * A line that is a magic call, or the right side of an assignment that is one.
     *
     * @param start offset of the percent sign
     * @param end offset after the last character of the call
     * @param nested whether it stands inside brackets or an assignment, where it has to become Java
     * @param call what to call
     */
    record Magic(int start, int end, boolean nested, MagicCall call) {}

    /** What a cell is made of. */
    sealed interface Part {
        /** The line of the cell on which the part starts; the first is 1. */
        int line();
    }

    /** Java statements. */
    record Java(String text, int line) implements Part {}

    /** A magic between the statements. */
    record TopLevelMagic(MagicCall call, int line) implements Part {}

    CellSource {
        magics = List.copyOf(magics);
    }

    /**
     * Reads a cell.
     *
     * @param text the cell as typed
     * @param known tells whether a magic of that name exists
     */
    static CellSource scan(String text, Predicate<String> known) {
        return new Scanner(text, known).scan();
    }

    /** Returns the parts in their order; nested magics have become Java calls on the same line. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        StringBuilder java = new StringBuilder();
        int from = 0;
        int javaLine = 1;
        for (Magic magic : magics) {
            java.append(text, from, magic.start());
            from = magic.end();
            if (magic.nested()) {
                java.append(magic.call().asJava());
                continue;
            }
            parts.add(new Java(java.toString(), javaLine));
            parts.add(new TopLevelMagic(magic.call(), lineAt(magic.start())));
            java.setLength(0);
            javaLine = lineAt(from);
        }
        parts.add(new Java(java.append(text, from, text.length()).toString(), javaLine));
        parts.removeIf(part -> part instanceof Java empty && empty.text().isBlank());
        return parts;
    }

    /** Returns the text with blanks where magics are: same length, so offsets stay. */
    String withoutMagics() {
        StringBuilder java = new StringBuilder(text);
        for (Magic magic : magics) {
            java.replace(magic.start(), magic.end(), " ".repeat(magic.end() - magic.start()));
        }
        return java.toString();
    }

    private int lineAt(int offset) {
        return 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    /** One pass over the text. */
    private static final class Scanner {
        private final String text;
        private final Predicate<String> known;
        private final StringBuilder mask;
        private final List<Magic> magics = new ArrayList<>();
        private int depth;
        private char previous; // last character of code that is not a blank; 0 at the start
        private boolean lineStart = true;

        Scanner(String text, Predicate<String> known) {
            this.text = text;
            this.known = known;
            this.mask = new StringBuilder(text);
        }

        CellSource scan() {
            int at = 0;
            while (at < text.length()) {
                at = next(at);
            }
            return new CellSource(text, mask.toString(), magics, depth);
        }

        /** Reads what starts at an offset and returns the offset after it. */
        private int next(int at) {
            char c = text.charAt(at);
            if (c == '\n') {
                lineStart = true;
                return at + 1;
            }
            if (Character.isWhitespace(c)) {
                return at + 1;
            }
            if (c == '%' && isMagic(at)) {
                return magic(at);
            }
            if (text.startsWith("//", at)) {
                return blank(at, lineEnd(at));
            }
            if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                return blank(at, end < 0 ? text.length() : end + 2);
            }
            lineStart = false;
            previous = c;
            if (text.startsWith("\"\"\"", at)) {
                return literal(at, "\"\"\"", false);
            }
            if (c == '"' || c == '\'') {
                return literal(at, String.valueOf(c), true);
            }
            if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth = Math.max(0, depth - 1);
            }
            return at + 1;
        }

        /** A percent sign in code is a magic at the start of a line or after an assignment, where Java has no operand for it. */
        private boolean isMagic(int at) {
            String name = MagicCall.nameAt(text, at + 1);
            if (name.isEmpty()) {
                return false;
            }
            boolean betweenStatements = previous == 0 || previous == ';' || previous == '{' || previous == '}';
            return previous == '=' || (lineStart && (betweenStatements || known.test(name)));
        }

        private int magic(int at) {
            int end = lineEnd(at);
            boolean nested = depth > 0 || previous == '=';
            magics.add(new Magic(at, end, nested, MagicCall.parse(text.substring(at + 1, end))));
            previous = ';';
            return blank(at, end);
        }

        private int literal(int at, String quote, boolean endsWithLine) {
            int end = at + quote.length();
            while (end < text.length() && !text.startsWith(quote, end)) {
                if (endsWithLine && text.charAt(end) == '\n') {
                    return blank(at + 1, end);
                }
                end += text.charAt(end) == '\\' ? 2 : 1;
            }
            int after = Math.min(text.length(), end + quote.length());
            blank(at + 1, Math.max(at + 1, after - 1));
            return after;
        }

        private int lineEnd(int at) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }

        private int blank(int from, int to) {
            for (int at = from; at < to; at++) {
                if (mask.charAt(at) != '\n') {
                    mask.setCharAt(at, ' ');
                }
            }
            return to;
        }
    }
}
