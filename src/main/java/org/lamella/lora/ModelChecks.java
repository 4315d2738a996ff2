// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;

/** Whether an adapter's pairs fit a model. */
final class ModelChecks {

    private ModelChecks() {}

    static void shapes(Evidence evidence, List<Finding> findings) {
        if (evidence.model().isEmpty()) {
            return;
        }
        Transformer model = evidence.model().get();
        String base = evidence.text("base_model_name_or_path").orElse("another model");
        for (Map.Entry<String, Evidence.Shapes> pair : evidence.pairs().entrySet()) {
            Optional<String> problem = problem(evidence, model, pair.getKey(), pair.getValue());
            if (problem.isPresent()) {
                findings.add(Finding.error(
                        pair.getKey(),
                        problem.get(),
                        "fails, or drops the pair",
                        "lay it over the model it was trained on: " + base));
                return; // the first says it
            }
        }
    }

    private static Optional<String> problem(Evidence evidence, Transformer model, String path, Evidence.Shapes shapes) {
        if (OuterPair.on(path)) {
            return Optional.empty(); // laying it over the model says it
        }
        if (!evidence.modules().contains(path)) {
            return Optional.of("is no module of " + model.name() + ", which has " + model.depth() + " layers of "
                    + model.linears().stream().map(LinearModule::name).toList());
        }
        LinearModule linear = model.linears().stream()
                .filter(module -> path.endsWith("." + module.name()))
                .max(java.util.Comparator.comparingInt(module -> module.name().length()))
                .orElseThrow();
        if (shapes.whole() && (shapes.down()[1] != linear.inputs() || shapes.up()[0] != linear.outputs())) {
            return Optional.of("is for (" + shapes.up()[0] + ", " + shapes.down()[1] + "); " + model.name() + " has ("
                    + linear.outputs() + ", " + linear.inputs() + ")");
        }
        return Optional.empty();
    }
}
