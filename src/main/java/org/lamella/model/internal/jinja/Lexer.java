// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into words, by the rules of Jinja with {@code trim_blocks} and {@code lstrip_blocks}: a block takes the
 * spaces before it on its line and the end of the line after it; a minus takes all on its side, a plus nothing.
 */
final class Lexer {

    private static final Pattern WHOLE =
            Pattern.compile("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?[0-9])*|0(_?0)*");
    private static final Pattern FLOAT =
            Pattern.compile("([0-9]+_)*[0-9]+((\\.([0-9]+_)*[0-9]+)?[eE][+-]?([0-9]+_)*[0-9]+|\\.([0-9]+_)*[0-9]+)");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}\\p{M}_]*");
    private static final Pattern STRING =
            Pattern.compile("'[^'\\\\]*+(\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(\\\\.[^\"\\\\]*+)*+\"", Pattern.DOTALL);
    private static final Pattern SIGN = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at; // the first character not yet read
    private int line = 1;
    private int counted; // up to where lines are counted

    private Lexer(String text) {
        this.text = text;
    }

    /** Returns the words of a template; the last is its end. */
    static List<Token> tokens(String template) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        return new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines).read();
    }

    private List<Token> read() {
        for (int open = open(); open >= 0; open = open()) {
            char kind = text.charAt(open + 1);
            plain(open, kind != '{', sign(open + 2));
            at = open;
            Matcher raw = RAW.matcher(text).region(open, text.length());
            if (kind == '#') {
                comment();
            } else if (raw.lookingAt()) {
                raw(raw);
            } else {
                tag(kind == '%');
            }
        }
        add(Token.Kind.TEXT, text.substring(at));
        at = text.length();
        add(Token.Kind.END, "");
        return tokens;
    }

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

    // the text up to a tag, which may take the spaces before it
    private void plain(int to, boolean block, char sign) {
        String words = text.substring(at, to);
        if (sign == '-') {
            words = Letters.stripRight(words);
        } else if (sign != '+' && block) {
            int begin = words.lastIndexOf('\n') + 1;
            boolean lineStarts = begin > 0 || at == 0 || text.charAt(at - 1) == '\n';
            if (lineStarts && Letters.blank(words.substring(begin))) {
                words = words.substring(0, begin);
            }
        }
        add(Token.Kind.TEXT, words);
    }

    private void comment() {
        int close = text.indexOf("#}", at + 2);
        if (close < 0) {
            throw failed("Missing end of comment tag");
        }
        after(sign(close - 1), close + 2, true);
    }

    private void raw(Matcher begin) {
        at = begin.end();
        if (begin.group(1).equals("-")) {
            skipSpaces();
        }
        Matcher end = RAW_END.matcher(text);
        if (!end.find(at)) {
            throw failed("Missing end of raw directive");
        }
        plain(end.start(), true, end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0));
        after(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), end.end(), true);
    }

    // what follows a tag that ends with a sign
    private void after(char sign, int end, boolean block) {
        at = end;
        if (sign == '-') {
            skipSpaces();
        } else if (block && sign != '+' && sign(at) == '\n') {
            at++;
        }
    }

    private void skipSpaces() {
        while (at < text.length() && Letters.space(text.charAt(at))) {
            at++;
        }
    }

    private void tag(boolean block) {
        add(block ? Token.Kind.BLOCK : Token.Kind.VALUE, "");
        String close = block ? "%}" : "}}";
        at += "-+".indexOf(sign(at + 2)) >= 0 ? 3 : 2;
        Deque<Character> brackets = new ArrayDeque<>();
        while (true) {
            skipSpaces();
            if (at == text.length()) {
                throw failed("unexpected end of template in a tag");
            }
            boolean signed = "-+".indexOf(sign(at)) >= 0 && (block || sign(at) == '-');
            if (brackets.isEmpty() && text.startsWith(close, at + (signed ? 1 : 0))) {
                add(block ? Token.Kind.BLOCK_END : Token.Kind.VALUE_END, "");
                after(signed ? sign(at) : ' ', at + close.length() + (signed ? 1 : 0), block);
                return;
            }
            word(brackets);
        }
    }

    private void word(Deque<Character> brackets) {
        boolean field = at > 0 && text.charAt(at - 1) == '.';
        if ((!field && took(FLOAT, Token.Kind.FLOAT)) || took(WHOLE, Token.Kind.WHOLE) || took(NAME, Token.Kind.NAME)) {
            return;
        }
        Matcher string = STRING.matcher(text).region(at, text.length());
        if (string.lookingAt()) {
            quoted(string.end());
            return;
        }
        char c = text.charAt(at);
        if (!took(SIGN, Token.Kind.SIGN)) {
            throw failed("unexpected char '" + c + "'");
        }
        if ("([{".indexOf(c) >= 0) {
            brackets.push(")]}".charAt("([{".indexOf(c)));
        } else if (")]}".indexOf(c) >= 0 && (brackets.isEmpty() || brackets.pop() != c)) {
            throw failed("unexpected '" + c + "'");
        }
    }

    private void quoted(int end) {
        try {
            add(Token.Kind.STRING, Letters.unescaped(text.substring(at + 1, end - 1)));
        } catch (Refusal e) {
            throw failed(String.valueOf(e.getMessage()));
        }
        at = end;
    }

    private boolean took(Pattern pattern, Token.Kind kind) {
        Matcher word = pattern.matcher(text).region(at, text.length());
        if (word.lookingAt()) {
            add(kind, word.group());
            at = word.end();
            return true;
        }
        return false;
    }

    private void add(Token.Kind kind, String word) {
        if (kind != Token.Kind.TEXT || !word.isEmpty()) {
            tokens.add(new Token(kind, word, line()));
        }
    }

    private int line() {
        for (; counted < at; counted++) {
            line += text.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    private JinjaException failed(String said) {
        return new JinjaException(line(), said, false);
    }
}
