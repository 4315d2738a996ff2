// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A piece of template with a name, which is called with values.
 *
 * @param name for errors
 * @param parameters the names of its values, in their order, with what they are when not given
 * @param body what it writes
 * @param used which of varargs, kwargs and caller it reads
 */
record Macro(String name, Map<String, Optional<Expression>> parameters, Statement body, Set<String> used) {

    /** Returns what is called, in the frame where it stands. */
    Callable in(Frame frame) {
        return new Callable(name, given -> call(given, frame.inner()));
    }

    private Object call(Given given, Frame frame) {
        int line = frame.line();
        List<String> names = new ArrayList<>(parameters.keySet());
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        for (int i = 0; i < names.size(); i++) {
            String parameter = names.get(i);
            if (i < given.values().size()) {
                if (named.containsKey(parameter)) {
                    throw new Refusal("macro '" + name + "' got multiple values for argument '" + parameter + "'");
                }
                frame.set(parameter, given.values().get(i));
            } else {
                Object value = named.remove(parameter);
                frame.set(parameter, value == null ? missing(parameter, frame) : value);
            }
        }
        if (used.contains("caller")) {
            Object caller = named.remove("caller");
            frame.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        List<Object> rest = given.values().size() > names.size()
                ? given.values().subList(names.size(), given.values().size())
                : List.of();
        if (!rest.isEmpty() && !used.contains("varargs")) {
            throw new Refusal("macro '" + name + "' takes not more than " + names.size() + " argument(s)");
        }
        if (!named.isEmpty() && !used.contains("kwargs")) {
            throw new Refusal("macro '" + name + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
        frame.set("varargs", new Tuple(rest));
        frame.set("kwargs", new LinkedHashMap<Object, Object>(named));
        String text = Statement.text(body, frame);
        frame.line(line);
        return text;
    }

    private Object missing(String parameter, Frame frame) {
        return Objects.requireNonNull(parameters.get(parameter))
                .map(value -> value.of(frame))
                .orElseGet(() -> new Undefined("parameter '" + parameter + "' was not provided"));
    }
}
