// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

/**
 * One word of a template.
 *
 * @param kind what it is
 * @param text of a text between tags, a name, a sign, a number; of a quoted text what it stands for
 * @param line of the template, counted from 1
 */
record Token(Kind kind, String text, int line) {

    /** What a word is. */
    enum Kind {
        TEXT,
        BLOCK,
        BLOCK_END,
        VALUE,
        VALUE_END,
        NAME,
        STRING,
        WHOLE,
        FLOAT,
        SIGN,
        END
    }

    boolean sign(String wanted) {
        return kind == Kind.SIGN && text.equals(wanted);
    }

    boolean name(String wanted) {
        return kind == Kind.NAME && text.equals(wanted);
    }

    /** Returns how an error calls it. */
    String called() {
        return switch (kind) {
            case BLOCK, VALUE, TEXT -> "begin of a tag or text";
            case BLOCK_END -> "end of statement block";
            case VALUE_END -> "end of print statement";
            case END -> "end of template";
            default -> "'" + text + "'";
        };
    }
}
