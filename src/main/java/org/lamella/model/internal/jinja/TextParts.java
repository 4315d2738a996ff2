// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Texts cut into parts. */
final class TextParts {

    private TextParts() {}

    /**
     * Returns the parts between separators.
     *
     * @param most how often it is cut, or a negative number for everywhere
     * @param left whether it is cut from the left
     */
    static List<String> of(String text, String separator, int most, boolean left) {
        if (separator.isEmpty()) {
            throw new Refusal("empty separator");
        }
        List<String> parts = new ArrayList<>();
        String rest = text;
        while (most < 0 || parts.size() < most) {
            int at = left ? rest.indexOf(separator) : rest.lastIndexOf(separator);
            if (at < 0) {
                break;
            }
            int after = at + separator.length();
            parts.add(left ? rest.substring(0, at) : rest.substring(after));
            rest = left ? rest.substring(after) : rest.substring(0, at);
        }
        parts.add(rest);
        if (!left) {
            Collections.reverse(parts);
        }
        return parts;
    }

    /** Returns the parts between spaces, without empty ones. */
    static List<String> words(String text, int most, boolean left) {
        List<String> words = new ArrayList<>();
        String rest = Letters.strip(text);
        while (!rest.isEmpty() && (most < 0 || words.size() < most)) {
            int at = left ? 0 : rest.length();
            while (left
                    ? at < rest.length() && !Letters.space(rest.charAt(at))
                    : at > 0 && !Letters.space(rest.charAt(at - 1))) {
                at += left ? 1 : -1;
            }
            words.add(left ? rest.substring(0, at) : rest.substring(at));
            rest = left ? Letters.stripLeft(rest.substring(at)) : Letters.stripRight(rest.substring(0, at));
        }
        if (!rest.isEmpty()) {
            // what is left keeps the spaces at its outer end
            words.add(left ? text.substring(text.length() - tail(text, rest)) : text.substring(0, head(text, rest)));
        }
        if (!left) {
            Collections.reverse(words);
        }
        return words;
    }

    private static int tail(String text, String rest) {
        return rest.length() + text.length() - Letters.stripRight(text).length();
    }

    private static int head(String text, String rest) {
        return rest.length() + text.length() - Letters.stripLeft(text).length();
    }

    static List<String> lines(String text, boolean ends) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean end =
                    (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
            if (end) {
                int after = i + (text.startsWith("\r\n", i) ? 2 : 1);
                lines.add(text.substring(from, ends ? after : i));
                from = after;
                i = after - 1;
            }
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    static Tuple around(String text, String separator, boolean first) {
        if (separator.isEmpty()) {
            throw new Refusal("empty separator");
        }
        int at = first ? text.indexOf(separator) : text.lastIndexOf(separator);
        if (at < 0) {
            return first ? Tuple.of(text, "", "") : Tuple.of("", "", text);
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }
}
