// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ?name} and {@code name?}: a cell that asks what something is. */
final class Help {

    private static final Pattern QUESTION = Pattern.compile("\\s*(?:\\?{1,2}\\s*([\\w.]+)|([\\w.]+)\\s*\\?{1,2})\\s*");

    private Help() {}

    /** Returns the call that answers the question, or the code as it is. */
    static String expanded(String code) {
        Matcher question = QUESTION.matcher(code);
        if (!question.matches()) {
            return code;
        }
        return "%help " + (question.group(1) == null ? question.group(2) : question.group(1));
    }
}
