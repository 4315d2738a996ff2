// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayList;
import java.util.List;

/** Where a value is put: a name, several names, or a field of a namespace. */
@FunctionalInterface
interface Target {

    void put(Object value, Frame frame);

    /** Reads names up to a word that cannot be one. */
    static Target read(Words words) {
        List<Target> all = new ArrayList<>();
        boolean several = false;
        do {
            if (!all.isEmpty() && !words.now().sign("(") && words.now().kind() != Token.Kind.NAME) {
                break; // a comma at the end
            }
            all.add(one(words));
            several |= words.now().sign(",");
        } while (words.takenSign(","));
        return several ? (value, frame) -> unpack(all, value, frame) : all.get(0);
    }

    private static Target one(Words words) {
        if (words.takenSign("(")) {
            Target inner = read(words);
            words.sign(")");
            return inner;
        }
        String name = words.name();
        if (!words.takenSign(".")) {
            return (value, frame) -> frame.set(name, value);
        }
        String field = words.name();
        return (value, frame) -> {
            if (!(frame.named(name) instanceof Namespace namespace)) {
                throw new Refusal("cannot assign attribute on non-namespace object");
            }
            namespace.fields().put(field, value);
        };
    }

    private static void unpack(List<Target> all, Object value, Frame frame) {
        List<Object> values = Values.list(value);
        if (values.size() != all.size()) {
            throw new Refusal((values.size() > all.size() ? "too many" : "not enough") + " values to unpack (expected "
                    + all.size() + ", got " + values.size() + ")");
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).put(values.get(i), frame);
        }
    }
}
