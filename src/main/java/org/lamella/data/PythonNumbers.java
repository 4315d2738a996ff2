// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.Set;

/** Numbers that Python writes into JSON and a strict reader refuses: NaN, the infinities, integers of many digits. */
final class PythonNumbers {

    private static final Set<String> WORDS = Set.of("NaN", "Infinity", "-Infinity");
    // Gson 2.13 counts modulo 2^64 and so takes 10^64 for a number that begins with a zero
    private static final int LONGEST = 60;
    private static final String ENDS = "\"[]{},: \t\r\n";

    private PythonNumbers() {}

    /** Returns a line of JSON with null in their place, which is a missing value; what stands in texts stays. */
    static String nulled(String json) {
        StringBuilder nulled = new StringBuilder(json.length());
        boolean inText = false;
        int i = 0;
        while (i < json.length()) {
            int end = inText ? character(json, i) : token(json, i);
            String token = json.substring(i, end);
            inText ^= token.equals("\"");
            boolean refused = !inText && (WORDS.contains(token) || token.length() > LONGEST);
            nulled.append(refused ? "null" : token);
            i = end;
        }
        return nulled.toString();
    }

    // an escaped character counts as one
    private static int character(String json, int i) {
        return Math.min(json.length(), i + (json.charAt(i) == '\\' ? 2 : 1));
    }

    private static int token(String json, int i) {
        int end = i + 1;
        if (ENDS.indexOf(json.charAt(i)) < 0) {
            while (end < json.length() && ENDS.indexOf(json.charAt(end)) < 0) {
                end++;
            }
        }
        return end;
    }
}
