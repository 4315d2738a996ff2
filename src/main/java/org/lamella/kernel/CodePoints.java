// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

/** Front ends count characters of Unicode, Java counts chars: an emoji is one there and two here. */
final class CodePoints {

    private CodePoints() {}

    /** Returns the offset in chars of an offset in characters. */
    static int toChars(String text, int characters) {
        int count = text.codePointCount(0, text.length());
        return text.offsetByCodePoints(0, Math.max(0, Math.min(characters, count)));
    }

    /** Returns the offset in characters of an offset in chars. */
    static int ofChars(String text, int chars) {
        return text.codePointCount(0, Math.max(0, Math.min(chars, text.length())));
    }
}
