// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The quirks of a protocol, each on or off.
 *
 * @param protocol model and task, for messages
 * @param all those that the published runs have
 * @param on those that are on
 */
record Switches(String protocol, List<Quirk> all, Set<Quirk> on) {

    Switches {
        all = List.copyOf(all);
        on = Set.copyOf(on);
    }

    static Switches of(GlueSettings row) {
        List<Quirk> all = Quirk.of(row.model(), row.accumulation() > 1);
        Set<Quirk> on = new TreeSet<>(all.stream().filter(Quirk::onAtFirst).toList());
        return new Switches(row.model() + " on " + row.task(), all, on);
    }

    Switches with(Quirk quirk) {
        requireOwn(quirk);
        if (!quirk.onAtFirst()) {
            throw new IllegalArgumentException("quirk must be one that this version can do ("
                    + names(all.stream().filter(Quirk::onAtFirst).toList()) + "); got " + quirk + ": here "
                    + quirk.otherwise());
        }
        Set<Quirk> more = new TreeSet<>(on);
        more.add(quirk);
        return new Switches(protocol, all, more);
    }

    Switches without(Quirk quirk) {
        requireOwn(quirk);
        Set<Quirk> fewer = new TreeSet<>(on);
        fewer.remove(quirk);
        return new Switches(protocol, all, fewer);
    }

    private void requireOwn(Quirk quirk) {
        if (!all.contains(quirk)) {
            throw new IllegalArgumentException(
                    "quirk must be one of " + names(all) + " for " + protocol + "; got " + quirk);
        }
    }

    private static String names(List<Quirk> quirks) {
        return String.join(", ", quirks.stream().map(Quirk::name).toList());
    }

    /** Throws while one is on that this version cannot do. */
    void requireRunnable(String lines) {
        for (Quirk quirk : all) {
            if (quirk.refused() && on.contains(quirk)) {
                throw new IllegalStateException("quirk " + quirk + " must be switched off to run " + lines
                        + "; got it on, as published: " + quirk.published() + "; with .without(Quirk." + quirk + ") "
                        + quirk.otherwise());
            }
        }
    }

    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        all.forEach(quirk -> facts.put("quirk " + quirk, quirk.words(on.contains(quirk))));
        return facts;
    }
}
