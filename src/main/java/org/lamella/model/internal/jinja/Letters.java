// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Letters and spaces as Python counts them: by code points, and with more spaces than Java has. */
final class Letters {

    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)", Pattern.DOTALL);

    private Letters() {}

    /** Returns whether Python takes it for a space. */
    static boolean space(int c) {
        return (c >= '\t' && c <= '\r')
                || (c >= 0x1c && c <= ' ')
                || c == 0x85
                || c == 0xa0
                || Character.getType(c) == Character.SPACE_SEPARATOR
                || c == 0x2028
                || c == 0x2029;
    }

    static boolean blank(String text) {
        return text.chars().allMatch(Letters::space);
    }

    static String strip(String text) {
        return stripLeft(stripRight(text));
    }

    static String stripLeft(String text) {
        int from = 0;
        while (from < text.length() && space(text.charAt(from))) {
            from++;
        }
        return text.substring(from);
    }

    static String stripRight(String text) {
        int to = text.length();
        while (to > 0 && space(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    /** Returns a text without some letters at its ends. */
    static String without(String text, String letters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && letters.indexOf(text.codePointAt(from)) >= 0) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && to > from && letters.indexOf(text.codePointBefore(to)) >= 0) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Compares by code points, where Java compares by their halves. */
    static int compare(String a, String b) {
        int[] first = a.codePoints().toArray();
        int[] second = b.codePoints().toArray();
        return Arrays.compare(first, second);
    }

    /** Returns a text with its first letter large and the others small. */
    static String capital(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        String rest = text.substring(Character.charCount(first));
        int title = Character.toTitleCase(first);
        String large = title == first ? Character.toString(first).toUpperCase(Locale.ROOT) : Character.toString(title);
        boolean longer = large.length() > Character.charCount(first);
        return (longer ? large.charAt(0) + large.substring(1).toLowerCase(Locale.ROOT) : large)
                + rest.toLowerCase(Locale.ROOT);
    }

    /** Returns a text in which letters after others are small and all others large. */
    static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            boolean cased = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
            String letter = Character.toString(c);
            titled.append(inside ? letter.toLowerCase(Locale.ROOT) : capital(letter));
            inside = cased;
        }
        return titled.toString();
    }

    /** Returns what a quoted text of a template stands for. */
    static String unescaped(String quoted) {
        Matcher escape = ESCAPE.matcher(quoted);
        StringBuilder text = new StringBuilder();
        while (escape.find()) {
            escape.appendReplacement(text, Matcher.quoteReplacement(meant(escape.group(1))));
        }
        return escape.appendTail(text).toString();
    }

    private static String meant(String escape) {
        char first = escape.charAt(0);
        if (first == 'N') {
            throw Refusal.unknown("\"\\\\N\" in a quoted text");
        }
        if ("xuU".indexOf(first) >= 0 && escape.length() > 1) {
            return Character.toString(Integer.parseInt(escape.substring(1), 16));
        }
        if (first >= '0' && first <= '7') {
            return Character.toString(Integer.parseInt(escape, 8));
        }
        return switch (first) {
            case '\n' -> "";
            case '\\', '\'', '"' -> escape;
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'a' -> "\u0007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'v' -> "\u000b";
            default -> "\\" + escape;
        };
    }
}
