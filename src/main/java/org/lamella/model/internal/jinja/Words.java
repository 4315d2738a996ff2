// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The words of a template, read one after another. */
final class Words {

    private final List<Token> tokens;
    private final Set<String> read = new HashSet<>();
    private int at;

    Words(List<Token> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    Token now() {
        return tokens.get(at);
    }

    Token after() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token take() {
        return tokens.get(at++);
    }

    boolean taken(Token.Kind kind) {
        boolean is = now().kind() == kind;
        at += is ? 1 : 0;
        return is;
    }

    boolean takenSign(String sign) {
        boolean is = now().sign(sign);
        at += is ? 1 : 0;
        return is;
    }

    boolean takenName(String name) {
        boolean is = now().name(name);
        at += is ? 1 : 0;
        return is;
    }

    String name() {
        if (now().kind() != Token.Kind.NAME) {
            throw unexpected("name");
        }
        return take().text();
    }

    void sign(String wanted) {
        if (!takenSign(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    void kind(Token.Kind wanted) {
        if (!taken(wanted)) {
            throw unexpected(new Token(wanted, "", 0).called());
        }
    }

    /** Notes that a name is read. */
    void reads(String name) {
        read.add(name);
    }

    /** Returns which names have been read, and forgets them. */
    Set<String> read() {
        Set<String> names = Set.copyOf(read);
        read.clear();
        return names;
    }

    JinjaException unexpected(String wanted) {
        return failed("expected token " + wanted + ", got " + now().called());
    }

    JinjaException failed(String said) {
        return new JinjaException(now().line(), said, false);
    }
}
