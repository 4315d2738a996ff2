// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Settles the white space of a template before it is rendered, by the rules of Python's Jinja with {@code trim_blocks} and
 * {@code lstrip_blocks}: a block takes the spaces before it on its line and the end of the line after it; a minus takes all
 * on its side, a plus nothing.
 *
 * <p>Lines that are taken away are put into comments, so that an error still has its line. The code of tags passes
 * {@link JinjaCode} on the way; the marks of what an assistant generated, which say nothing of the text, are left out.
 */
final class JinjaSpaces {

    private static final Set<String> MARKS = Set.of("generation", "endgeneration");

    /** What a tag takes of the text after it. */
    private enum After {
        NOTHING,
        LINE_END,
        SPACES
    }

    private final String text;
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> blocks = new ArrayDeque<>(); // loops and conditions that are open
    private After after = After.NOTHING;
    private int at; // the first character not yet settled

    private JinjaSpaces(String text) {
        this.text = text;
    }

    /** Returns the template with its white space settled: rendered as it stands it gives what Jinja gives. */
    static String settled(String template) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        return new JinjaSpaces(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines).settled();
    }

    private String settled() {
        for (int open = open(); open >= 0; open = open()) {
            plain(text.substring(at, open), text.charAt(open + 1), sign(open + 2));
            at = open;
            if (text.charAt(open + 1) == '#') {
                comment();
            } else {
                tag();
            }
        }
        plain(text.substring(at), ' ', ' ');
        return out.toString();
    }

    // the next beginning of a tag or comment
    private int open() {
        for (int i = at; i + 1 < text.length(); i++) {
            if (text.charAt(i) == '{' && "%{#".indexOf(text.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private char sign(int place) {
        return place < text.length() ? text.charAt(place) : ' ';
    }

    // text between tags; kind and sign of the tag that follows
    private void plain(String words, char kind, char sign) {
        int from =
                switch (after) {
                    case NOTHING -> 0;
                    case LINE_END -> words.startsWith("\n") ? 1 : 0;
                    case SPACES -> words.length() - words.stripLeading().length();
                };
        int to = words.length();
        if (sign == '-') {
            to = Math.max(from, words.stripTrailing().length());
        } else if (sign != '+' && (kind == '%' || kind == '#')) {
            boolean lineStarts = at == 0 || (from > 0 && words.charAt(from - 1) == '\n');
            int line = words.substring(from).lastIndexOf('\n') + 1;
            if ((line > 0 || lineStarts) && words.substring(from + line).isBlank()) {
                to = from + line;
            }
        }
        without(words.substring(0, from));
        out.append(words, from, to);
        without(words.substring(to));
    }

    // keeps the lines of what is left out
    private void without(String taken) {
        long lines = taken.chars().filter(c -> c == '\n').count();
        if (lines > 0) {
            out.append("{#").append("\n".repeat((int) lines)).append("#}");
        }
    }

    private void comment() {
        int close = text.indexOf("#}", at + 2);
        if (close < 0) {
            rest();
            return;
        }
        without(text.substring(at, close));
        after = after(sign(close - 1), true);
        at = close + 2;
    }

    // what is never closed: the renderer says what is wrong
    private void rest() {
        out.append(text, at, text.length());
        at = text.length();
        after = After.NOTHING;
    }

    private static After after(char sign, boolean block) {
        if (sign == '-') {
            return After.SPACES;
        }
        return block && sign != '+' ? After.LINE_END : After.NOTHING;
    }

    private void tag() {
        boolean block = text.charAt(at + 1) == '%';
        String close = block ? "%}" : "}}";
        char first = sign(at + 2);
        int begin = at + (first == '-' || (block && first == '+') ? 3 : 2);
        int end = end(begin, close);
        if (end < 0) {
            rest();
            return;
        }
        char last = end > begin ? text.charAt(end - 1) : ' ';
        boolean signed = last == '-' || (block && last == '+');
        String code = text.substring(begin, signed ? end - 1 : end);
        if (block && MARKS.contains(code.strip())) {
            without(code);
        } else {
            int line = 1
                    + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
            if (block) {
                within(code.strip().split("\\s+", 2)[0], line);
            }
            JinjaCode checked = new JinjaCode(code, line);
            out.append(block ? checked.block() : checked.value());
        }
        after = after(signed ? last : ' ', block);
        at = end + 2;
    }

    // the renderer would run a loop's "else" after its rounds, which is to stand for a loop without one
    private void within(String word, int line) {
        if (word.equals("for") || word.equals("if")) {
            blocks.push(word);
        } else if (word.equals("endfor") || word.equals("endif")) {
            blocks.poll();
        } else if (word.equals("else") && "for".equals(blocks.peek())) {
            throw new JinjaException(line, "\"else\" of a loop is not known here; ask before the loop", false);
        }
    }

    // where a tag closes: not in a text, nor in brackets
    private int end(int begin, String close) {
        int depth = 0;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\'') {
                i = JinjaCode.quoted(text, i);
            } else if (depth == 0 && text.startsWith(close, i)) {
                return i;
            } else if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth = Math.max(0, depth - 1);
            }
        }
        return -1;
    }
}
