// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Javadoc as plain text, since a tooltip shows what it gets. */
final class Javadoc {

    private static final Pattern INLINE = Pattern.compile("\\{@(\\w+)\\s*([^{}]*)\\}");
    private static final Pattern BLOCK =
            Pattern.compile("(?m)^[ \\t]*@(param|return|throws|exception|see|since)[ \\t]*");
    private static final Map<String, String> HEADINGS = Map.of(
            "param", "Parameter ",
            "return", "Returns ",
            "throws", "Throws ",
            "exception", "Throws ",
            "see", "See ",
            "since", "Since ");

    private Javadoc() {}

    /** Returns a comment without tags: paragraphs, list items and code stay readable. */
    static String plain(String javadoc) {
        String text = javadoc;
        for (int round = 0; round < 3; round++) { // tags inside tags
            text = INLINE.matcher(text).replaceAll(tag -> Matcher.quoteReplacement(inline(tag.group(1), tag.group(2))));
        }
        text = BLOCK.matcher(text).replaceAll(tag -> Matcher.quoteReplacement(heading(tag.group(1))));
        text = text.replaceAll("(?i)\\s*<p>\\s*|\\s*</?(?:ul|ol|dl|pre|blockquote|table|h\\d)[^>]*>\\s*", "\n\n")
                .replaceAll("(?i)\\s*<(?:li|dt|dd)[^>]*>\\s*", "\n- ")
                .replaceAll("(?i)\\s*<(?:br|tr)[^>]*>\\s*", "\n")
                .replaceAll("</?[a-zA-Z][^>]*>", "");
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&nbsp;", " ")
                .replace("&#64;", "@")
                .replace("&amp;", "&")
                .replaceAll("(?m)^[ \\t]+|[ \\t]+$", "")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
    }

    private static String inline(String tag, String content) {
        if (!tag.startsWith("link")) {
            return content;
        }
        String[] parts = content.strip().split("\\s+", 2);
        return parts.length == 2 ? parts[1] : parts[0].replace('#', '.').replaceFirst("^\\.", "");
    }

    private static String heading(String tag) {
        return HEADINGS.getOrDefault(tag, "");
    }
}
