// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import java.util.regex.Pattern;

/** What Python printed when it ended with an exception. */
final class Traceback {

    private static final Pattern EXCEPTION = Pattern.compile("[A-Za-z_][\\w.]*+(?:: .*+|:?)");
    private static final int LONGEST = 200;

    private Traceback() {}

    /** Returns the line that names the exception, or else the last one; empty when nothing was printed. */
    static String lastLine(String errors) {
        List<String> lines = errors.lines().filter(line -> !line.isBlank()).toList();
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (EXCEPTION.matcher(lines.get(i)).matches()) {
                last = lines.get(i);
                break;
            }
        }
        return last.length() <= LONGEST ? last : last.substring(0, LONGEST) + "…";
    }
}
