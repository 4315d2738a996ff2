// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.List;
import java.util.Map;
import org.lamella.base.Provenance;
import org.lamella.base.Sample;
import org.lamella.data.Split;
import org.lamella.eval.Evaluation;
import org.lamella.model.Overlay;
import org.lamella.model.Transformer;

/** Writes down what a sweep or a trace depended on, and what to be careful about. */
final class Notes {

    private Notes() {}

    /** Returns the notes of the same result in another measure. */
    static Provenance measured(Provenance notes, Measure measure) {
        return notes.then(".in(Measure." + measure.name() + ")").with("measure", measure);
    }

    /** Returns the notes of boundaries that somebody read off a result. */
    static Provenance looked(Provenance notes, Split split, String call) {
        return notes.then(call)
                .warning("boundaries were found by looking at " + split.name() + ": report on other examples");
    }

    /** Returns the notes of a sweep as those of the search that began with it. */
    static Provenance searched(Provenance sweep, Search search) {
        String lines = sweep.recipe().replace("var sweep = Boundary.sweep(", "var found = Boundary.search(");
        return sweep.recipe(lines.substring(0, lines.length() - ");".length()) + ", " + search + ");");
    }

    static Provenance of(String verb, Transformer adapted, Split split, Evaluation first) {
        Overlay adapter = adapted.overlay().orElseThrow();
        Provenance notes =
                Provenance.of("var model = " + adapted.base().recipe() + ";\nvar adapter = " + adapter.recipe()
                        + ";\nvar " + verb + " = Boundary." + verb + "(model, adapter, " + split.recipe() + ");");
        for (Map.Entry<String, String> setting : adapter.settings().entrySet()) {
            notes = notes.with(setting.getKey(), setting.getValue());
        }
        Provenance measured = first.provenance();
        for (String fact : new String[] {"task", "split", "examples", "examples hash", "cut", "intervals"}) {
            notes = notes.with(fact, measured.facts().getOrDefault(fact, ""));
        }
        for (String warning : measured.warnings()) {
            notes = notes.warning(warning);
        }
        List<String> before = adapter.beforeLayers();
        if (!before.isEmpty()) {
            notes = notes.warning("weights before the layers (" + before.size() + ", " + before.get(0)
                    + " first) count as the first layer: kept from boundary 1 on");
        }
        if (adapter.words().isPresent()) {
            notes = notes.warning("the matrix of words counts as the layer after the last: adapted at boundary "
                    + adapted.depth() + " alone, and in sets of layers that hold the last");
        }
        notes = first.predictions().stopped(split).map(notes::warning).orElse(notes);
        for (Sample trained : adapter.trainedOn()) {
            if (trained.overlaps(split)) {
                notes = notes.warning("looked for on trained examples: the adapter was trained on " + trained.name()
                        + ", which shares examples with " + split.name());
            }
        }
        return notes;
    }
}
