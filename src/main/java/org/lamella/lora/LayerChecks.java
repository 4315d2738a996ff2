// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which layers and modules the configuration says, and which PEFT takes it for. */
final class LayerChecks {

    // modules outside the list of layers: a layer filter drops them without a word
    private static final Set<String> OUTSIDE = Set.of(
            "embed_tokens", "word_embeddings", "position_embeddings", "token_type_embeddings", "wte", "wpe", "lm_head");
    private static final String LIST = "name the layers by their numbers, 0 to depth - 1";

    private LayerChecks() {}

    static void layers(Evidence evidence, List<Finding> findings) {
        JsonElement field = evidence.config().get("layers_to_transform");
        boolean there = field != null && !field.isJsonNull();
        boolean pattern = !evidence.match().texts("layers_pattern").isEmpty();
        if (evidence.text("target_modules").isPresent() && (there || pattern)) {
            findings.add(Finding.error(
                    there ? "layers_to_transform" : "layers_pattern",
                    "stands beside target_modules that are a regular expression",
                    "refuses both together",
                    "put the layers into the expression, or the targets into a list"));
        } else if (pattern && !there) {
            findings.add(Finding.error(
                    "layers_pattern", "stands without layers_to_transform", "refuses one without the other", LIST));
        }
        if (there && field.isJsonArray() && field.getAsJsonArray().isEmpty()) {
            findings.add(Finding.warning(
                    "layers_to_transform",
                    "is an empty list",
                    "adapts all layers",
                    "leave the field out to say all; to say none, leave the adapter away"));
        }
        outOfRange(evidence, findings);
    }

    private static void outOfRange(Evidence evidence, List<Finding> findings) {
        int depth = evidence.depth();
        for (int layer : evidence.match().layers()) {
            if (layer < 0) {
                findings.add(Finding.warning(
                        "layers_to_transform",
                        "holds " + layer + ", which no layer is called",
                        "adapts nothing for it: numbers do not count from the end",
                        LIST));
            } else if (depth > 0 && layer >= depth) {
                findings.add(Finding.warning(
                        "layers_to_transform",
                        "holds " + layer + ", in a model with layers 0 to " + (depth - 1),
                        "adapts nothing for it",
                        LIST));
            }
        }
    }

    static void targets(Evidence evidence, List<Finding> findings) {
        PeftMatch match = evidence.match();
        if (evidence.text("target_modules").isPresent()) {
            return;
        }
        boolean filtered = !match.layers().isEmpty();
        for (String name : match.texts("target_modules")) {
            String last = name.substring(name.lastIndexOf('.') + 1);
            if (OUTSIDE.contains(last)) {
                if (filtered) {
                    findings.add(Finding.error(
                            "target_modules",
                            "names " + name + ", which is in no layer, beside layers_to_transform",
                            "does not adapt " + name,
                            "leave it out, or the layers"));
                }
            } else if (evidence.modules().stream().noneMatch(path -> PeftMatch.isMeant(name, path))) {
                findings.add(Finding.warning(
                        "target_modules",
                        "names " + name + ", which means no module "
                                + (evidence.model().isPresent() ? "of the model" : "in the file"),
                        "adapts nothing for it",
                        "leave it out, or spell it as the model does"));
            }
            if (filtered && evidence.modules().contains(name) && !match.layerIsMeant(name)) {
                findings.add(Finding.error(
                        "target_modules",
                        "names " + name + " in full, outside of layers "
                                + match.layers().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        "adapts it: a full name goes past layers_to_transform",
                        "name the end of the path only"));
            }
        }
    }
}
