// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.tensor.Torch;

/** Where the numbers of a model on a split come from. */
final class Origin {

    private Origin() {}

    static Provenance of(Transformer model, Split split, String lines) {
        Provenance provenance = Provenance.of(lines)
                .with("engine", Torch.version() + ", " + Torch.threads() + " threads")
                .with("model", model.name() + " (" + model.architecture() + ")");
        if (model.overlay().isPresent()) {
            provenance = provenance.with(
                    "adapter", "on layers " + model.overlay().get().layers().mask());
        }
        provenance = provenance
                .with("data", split.task().name() + " " + split.name() + ", hash " + split.hash())
                .with("texts", "cut at " + model.maxTokens() + " tokens, not padded");
        if (!split.task().notes().isEmpty()) {
            provenance =
                    provenance.with("task notes", String.join("; ", split.task().notes()));
        }
        if (!model.sees()
                && split.examples().stream()
                        .anyMatch(example -> !example.pictures().isEmpty())) {
            provenance = provenance.warning(
                    "pictures of " + split.name() + " are not looked at: " + model.name() + " reads texts alone");
        }
        for (String warning : split.warnings()) {
            provenance = provenance.warning(warning);
        }
        return provenance;
    }
}
