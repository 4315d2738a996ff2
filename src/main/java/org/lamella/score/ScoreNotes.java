// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.model.Transformer;
import org.lamella.tensor.Torch;

/** Begins the provenance of a scoring: which model, which texts, with which call. */
final class ScoreNotes {

    private ScoreNotes() {}

    /**
     * Notes a scoring that starts now.
     *
     * @param verb what is called, for instance {@code Cka.scoreLayers}
     * @param more further arguments as code, each with a comma before it
     */
    static Provenance begin(String verb, Transformer model, Split split, String more) {
        boolean adapted = model.overlay().isPresent();
        String lines = "var model = Transformer.load(\"" + model.name() + "\").maxTokens(" + model.maxTokens() + ")"
                + (adapted ? ".with(adapter)" : "") + ";\n"
                + "var scores = " + verb + "(model, " + split.recipe() + more + ");";
        Provenance provenance = Provenance.of(lines)
                .with("engine", Torch.version() + ", " + Torch.threads() + " threads")
                .with("model", model.name() + " (" + model.architecture() + ")")
                .with("adapter", adapted ? "laid over the model" : "none")
                .with("data", split.task().name() + " " + split.name() + ", hash " + split.hash())
                .with("texts", "cut at " + model.maxTokens() + " tokens, not padded");
        for (String warning : split.warnings()) {
            provenance = provenance.warning(warning);
        }
        return provenance;
    }
}
