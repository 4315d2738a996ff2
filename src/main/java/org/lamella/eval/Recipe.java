// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamella.model.Overlay;
import org.lamella.model.Transformer;

/**
 * What made the predictions, in plain values, as far as a comparison must know it.
 *
 * @param model the name of the frozen model
 * @param settings the recipe of the adapter over it, name to value, in order; empty without an adapter
 * @param parameters how many numbers were trained
 * @param seconds how long that took, not a number when unknown
 */
record Recipe(String model, Map<String, String> settings, long parameters, double seconds) {

    private static final String LAYERS = "layers";

    /** In these settings controls, and adapters that were cut, are meant to differ. */
    private static final Set<String> ABOUT_LAYERS = Set.of(LAYERS, "kept layers");

    Recipe {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    static Recipe of(Transformer model) {
        Optional<Overlay> overlay = model.overlay();
        return new Recipe(
                model.name(),
                overlay.map(Overlay::settings).orElse(Map.of()),
                overlay.map(Overlay::parameters).orElse(0L),
                overlay.map(Overlay::seconds).orElse(Double.NaN));
    }

    /**
     * Returns each setting but the layers in which this differs from the other, as {@code rank 8 instead of 16}. A recipe
     * without a layer trains the head alone and has no rank to differ in: there only common settings are compared.
     */
    List<String> differences(Recipe other) {
        List<String> differences = new ArrayList<>();
        if (!model.equals(other.model)) {
            differences.add("model " + model + " instead of " + other.model);
        }
        if (settings.isEmpty() != other.settings.isEmpty()) {
            differences.add(settings.isEmpty() ? "no adapter instead of one" : "an adapter instead of none");
            return differences;
        }
        for (String name : compared(other)) {
            String own = settings.getOrDefault(name, "unknown");
            String others = other.settings.getOrDefault(name, "unknown");
            if (!own.equals(others)) {
                differences.add(name + " " + own + " instead of " + others);
            }
        }
        return differences;
    }

    private Set<String> compared(Recipe other) {
        Set<String> names = new LinkedHashSet<>(other.settings.keySet());
        if (headOnly() != other.headOnly()) {
            names.retainAll(settings.keySet());
            names.remove("method");
        } else {
            names.addAll(settings.keySet());
        }
        names.removeAll(ABOUT_LAYERS);
        return names;
    }

    private boolean headOnly() {
        return !settings.getOrDefault(LAYERS, "1").contains("1");
    }
}
