// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What a template knows of a loop as {@code loop}. */
final class Loop {

    private final List<Object> all;
    private final int depth;
    private final @Nullable BiFunction<Object, Integer, String> again;
    private int at = -1;
    private @Nullable Object last;

    Loop(List<Object> all, int depth, @Nullable BiFunction<Object, Integer, String> again) {
        this.all = all;
        this.depth = depth;
        this.again = again;
    }

    boolean next() {
        return ++at < all.size();
    }

    Object entry() {
        return all.get(at);
    }

    Object field(String name) {
        return switch (name) {
            case "index" -> number(at + 1);
            case "index0" -> number(at);
            case "revindex" -> number(all.size() - at);
            case "revindex0" -> number(all.size() - at - 1);
            case "first" -> at == 0;
            case "last" -> at == all.size() - 1;
            case "length" -> number(all.size());
            case "depth" -> number(depth);
            case "depth0" -> number(depth - 1);
            case "previtem" -> at == 0 ? new Undefined("there is no previous item") : all.get(at - 1);
            case "nextitem" -> at == all.size() - 1 ? new Undefined("there is no next item") : all.get(at + 1);
            case "cycle" -> new Callable("loop.cycle", this::cycled);
            case "changed" -> new Callable("loop.changed", this::changed);
            default -> new Undefined("'LoopContext object' has no attribute '" + name + "'");
        };
    }

    private static BigInteger number(int number) {
        return BigInteger.valueOf(number);
    }

    private Object cycled(Given given) {
        if (given.values().isEmpty()) {
            throw new Refusal("no items for cycling given");
        }
        return given.values().get(at % given.values().size());
    }

    private Object changed(Given given) {
        Tuple now = new Tuple(given.values());
        boolean changed = last == null || !Order.equal(last, now);
        last = now;
        return changed;
    }

    /** Returns the text of the same loop over other values. */
    String again(Given given) {
        if (again == null) {
            throw new Refusal("The loop must have the 'recursive' marker to be called recursively.");
        }
        return again.apply(given.bound("loop", "iterable").required(0), depth + 1);
    }
}
