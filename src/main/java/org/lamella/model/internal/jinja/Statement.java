// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.List;

/** What writes text or sets a name. */
@FunctionalInterface
interface Statement {

    /** How it goes on. */
    enum Flow {
        /** With the next statement. */
        ON,
        /** With the next round of the loop. */
        CONTINUE,
        /** After the loop. */
        BREAK
    }

    Flow run(Frame frame, StringBuilder out);

    /** Returns the statement that runs some, one after another. */
    static Statement all(List<Statement> statements) {
        return (frame, out) -> {
            for (Statement each : statements) {
                Flow flow = each.run(frame, out);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
            return Flow.ON;
        };
    }

    /** Returns the text that a statement writes. */
    static String text(Statement statement, Frame frame) {
        StringBuilder out = new StringBuilder();
        if (statement.run(frame, out) != Flow.ON) {
            throw new Refusal("'break' and 'continue' must stand in a loop");
        }
        return out.toString();
    }
}
