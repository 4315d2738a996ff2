// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.lamella.base.Names;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;

/** Finds the modules that target names mean, as PEFT does: a name means every module whose path ends in it. */
final class Targets {

    private Targets() {}

    /** Returns the modules in the architecture's order; a name that means none is an error. */
    static List<LinearModule> of(Transformer model, List<String> names) {
        List<LinearModule> linears = model.linears();
        for (String name : names) {
            if (linears.stream().noneMatch(module -> module.isMeantBy(name))) {
                Set<String> known = suffixes(linears);
                throw new IllegalArgumentException("targets must name modules of " + model.name() + " ("
                        + String.join(", ", known) + "); got \"" + name + "\"" + Names.didYouMean(name, known));
            }
        }
        return linears.stream()
                .filter(module -> names.stream().anyMatch(module::isMeantBy))
                .toList();
    }

    private static Set<String> suffixes(List<LinearModule> linears) {
        Set<String> known = new LinkedHashSet<>();
        for (LinearModule module : linears) {
            known.add(shortest(module.name()));
        }
        return known;
    }

    // "query" says enough, "dense" would not
    private static String shortest(String module) {
        String last = module.substring(module.lastIndexOf('.') + 1);
        return last.equals("dense") ? module : last;
    }

    /**
     * Returns the names to write for a set of modules: the shortest that mean these and no other; empty when names
     * cannot say it.
     */
    static List<String> names(Set<String> chosen, List<LinearModule> all) {
        TreeSet<String> names = new TreeSet<>();
        for (String module : chosen) {
            String suffix = module;
            String found = "";
            while (true) {
                String candidate = suffix;
                if (all.stream()
                        .filter(linear -> linear.isMeantBy(candidate))
                        .map(LinearModule::name)
                        .allMatch(chosen::contains)) {
                    found = candidate;
                }
                int dot = suffix.indexOf('.');
                if (dot < 0) {
                    break;
                }
                suffix = suffix.substring(dot + 1);
            }
            if (found.isEmpty()) {
                return List.of();
            }
            names.add(found);
        }
        return List.copyOf(names);
    }
}
