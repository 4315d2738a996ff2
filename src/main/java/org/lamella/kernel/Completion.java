// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/**
 * What can stand at the cursor.
 *
 * @param start offset of the first character that is replaced
 * @param end offset of the cursor
 * @param texts what it may be replaced by, those that fit the expected type first
 */
record Completion(int start, int end, List<String> texts) {

    private static final Pattern MAGIC = Pattern.compile("(?:^|\\n|=)[ \\t]*(%%?\\w*)$");
    private static final Set<String> KEYWORDS = Set.of(
            ("abstract assert boolean break byte case catch char class continue default do double else enum extends false "
                            + "final finally float for if implements import instanceof int interface long native new null "
                            + "package private protected public record return sealed short static super switch "
                            + "synchronized this throw throws transient true try var void volatile while yield")
                    .split(" ", -1));

    Completion {
        texts = List.copyOf(texts);
    }

    /** Asks JShell, or the magics. */
    static Completion at(Session session, String code, int cursor) {
        int end = Math.max(0, Math.min(cursor, code.length()));
        Matcher magic = MAGIC.matcher(code.substring(0, end));
        if (magic.find()) {
            return new Completion(magic.start(1), end, session.magics().startingWith(magic.group(1)));
        }
        String java = Context.of(session, code, end);
        int[] anchor = {end};
        List<Suggestion> suggestions =
                session.shell().sourceCodeAnalysis().completionSuggestions(java, java.length(), anchor);
        Set<String> texts = new LinkedHashSet<>();
        suggestions.stream().filter(Suggestion::matchesType).forEach(fitting -> texts.add(fitting.continuation()));
        suggestions.forEach(other -> texts.add(other.continuation()));
        return new Completion(anchor[0], end, List.copyOf(texts));
    }

    /** Returns the matches with their kinds, as JupyterLab draws them. */
    List<Map<String, Object>> kinds(String code) {
        List<Map<String, Object>> kinds = new ArrayList<>();
        int first = CodePoints.ofChars(code, start);
        int last = CodePoints.ofChars(code, end);
        for (String text : texts) {
            kinds.add(Map.of("start", first, "end", last, "text", text, "type", kind(text)));
        }
        return kinds;
    }

    private static String kind(String text) {
        if (text.startsWith("%")) {
            return "magic";
        }
        if (text.endsWith("(") || text.endsWith("()")) {
            return "function";
        }
        if (text.endsWith(".")) {
            return "module";
        }
        if (KEYWORDS.contains(text.strip())) {
            return "keyword";
        }
        if (text.length() > 1 && text.equals(text.toUpperCase(Locale.ROOT))) {
            return "constant";
        }
        return !text.isEmpty() && Character.isUpperCase(text.charAt(0)) ? "class" : "property";
    }
}
