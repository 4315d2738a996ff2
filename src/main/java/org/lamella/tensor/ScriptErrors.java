// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what libtorch says about a script into one message that names the author's line or the call's operands. */
final class ScriptErrors {

    private static final Pattern LINE = Pattern.compile("File \"code/__torch__\\.py\", line (\\d+)");

    private ScriptErrors() {}

    static IllegalArgumentException compiling(String methods, RuntimeException cause) {
        String said = said(cause);
        Matcher line = LINE.matcher(said);
        String where = "";
        if (line.find()) {
            int number = Integer.parseInt(line.group(1)) - Archive.HEADER_LINES;
            where = "; line " + number + ": "
                    + methods.lines()
                            .skip(Math.max(0, number - 1))
                            .findFirst()
                            .orElse("")
                            .strip();
        }
        return new IllegalArgumentException("script must compile" + where + "; libtorch says: " + said, cause);
    }

    static IllegalArgumentException running(String method, List<Operand> operands, RuntimeException cause) {
        return new IllegalArgumentException(
                "operands of " + method + " must fit; got " + operands + "; libtorch says: " + said(cause), cause);
    }

    static String said(RuntimeException cause) {
        return cause.getMessage() == null
                ? cause.toString()
                : cause.getMessage().strip();
    }
}
