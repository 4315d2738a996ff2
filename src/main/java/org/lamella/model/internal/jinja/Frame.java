// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that are known at a place of a template: its own, and those of the frame around it. */
final class Frame {

    private static final int MOST_STEPS = 20_000_000;

    private final @Nullable Frame around;
    private final Place place;
    private final Map<String, Object> names = new HashMap<>();

    /** Where a rendering is, for errors. */
    private static final class Place {
        private int line = 1;
        private int steps;
    }

    private Frame(@Nullable Frame around, Place place) {
        this.around = around;
        this.place = place;
    }

    static Frame outermost() {
        return new Frame(null, new Place());
    }

    /** Returns a frame within this one; what is set there is not seen here. */
    Frame inner() {
        return new Frame(this, place);
    }

    void set(String name, Object value) {
        names.put(name, value);
    }

    Object named(String name) {
        Frame frame = this;
        while (frame != null) {
            Object value = frame.names.get(name);
            if (value != null) {
                return value;
            }
            frame = frame.around;
        }
        return new Undefined("'" + name + "' is undefined");
    }

    /** Says which line is rendered now. */
    void line(int number) {
        place.line = number;
        if (++place.steps > MOST_STEPS) {
            throw new Refusal("template must end; it goes on after " + MOST_STEPS + " steps");
        }
    }

    int line() {
        return place.line;
    }
}
