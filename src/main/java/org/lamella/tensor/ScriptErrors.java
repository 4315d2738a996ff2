// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what libtorch says about a script into one message that names the author's line and the call's operands. */
final class ScriptErrors {

    private static final Pattern LINE = Pattern.compile("File \"code/__torch__\\.py\", line (\\d+)");
    private static final String FAILED = "\nRuntimeError: ";

    private ScriptErrors() {}

    static IllegalArgumentException compiling(String text, EngineException cause) {
        String said = said(cause);
        // what follows shows the place once more, in the archive's lines instead of the author's
        String problem = LINE.split(said, 2)[0].replaceFirst("(The original call is| here)?:\\s*$", "");
        return new IllegalArgumentException("script must compile; " + place(text, said) + problem.strip(), cause);
    }

    static RuntimeException running(String text, String method, List<Operand> operands, EngineException cause) {
        String said = said(cause);
        if (said.contains("can't allocate memory") || said.contains("out of memory")) {
            return new IllegalStateException(
                    "memory must suffice for " + method + "; got " + operands + "; " + firstLine(said), cause);
        }
        int failed = said.indexOf(FAILED);
        String problem = failed < 0 ? said : said.substring(failed + FAILED.length());
        return new IllegalArgumentException(
                "operands of " + method + " must fit; got " + operands + "; " + place(text, said) + problem.strip(),
                cause);
    }

    static String said(EngineException cause) {
        return cause.getMessage() == null
                ? cause.toString()
                : cause.getMessage().strip();
    }

    private static String firstLine(String said) {
        return said.lines().findFirst().orElse("");
    }

    // the innermost line of the author's text, which libtorch names last
    private static String place(String text, String said) {
        String place = "";
        Matcher line = LINE.matcher(said);
        while (line.find()) {
            int number = Integer.parseInt(line.group(1)) - Archive.HEADER_LINES;
            String content =
                    text.lines().skip(Math.max(0, number - 1)).findFirst().orElse("");
            place = "line " + number + (content.isBlank() ? "" : " (" + content.strip() + ")") + ": ";
        }
        return place;
    }
}
