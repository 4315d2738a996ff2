// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loop.
 *
 * @param target what is set in each round
 * @param all what is gone through
 * @param condition of those that count
 * @param recursive whether it may be called from within
 * @param body of a round
 * @param otherwise what is run when there is no round
 * @param line where it begins
 */
record Rounds(
        Target target,
        Expression all,
        Optional<Expression> condition,
        boolean recursive,
        Statement body,
        Statement otherwise,
        int line)
        implements Statement {

    @Override
    public Flow run(Frame frame, StringBuilder out) {
        return run(all.of(frame), 1, frame, out);
    }

    private Flow run(Object values, int depth, Frame frame, StringBuilder out) {
        List<Object> some = new ArrayList<>();
        for (Object each : Values.list(values)) {
            Frame inner = frame.inner();
            if (condition.isPresent()) {
                target.put(each, inner);
            }
            if (condition.isEmpty() || Values.truth(condition.get().of(inner))) {
                some.add(each);
            }
        }
        if (some.isEmpty()) {
            return otherwise.run(frame.inner(), out);
        }
        Loop loop = new Loop(some, depth, recursive ? (inner, below) -> again(inner, below, frame) : null);
        while (loop.next()) {
            Frame inner = frame.inner();
            frame.line(line);
            inner.set("loop", loop);
            target.put(loop.entry(), inner);
            if (body.run(inner, out) == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    private String again(Object values, int depth, Frame frame) {
        StringBuilder out = new StringBuilder();
        run(values, depth, frame, out);
        return out.toString();
    }
}
