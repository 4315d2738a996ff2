// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lamella.base.DivergedException;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Run;
import org.lamella.model.Transformer;

/** Does one run of a study. */
@FunctionalInterface
interface Runner {

    /** Returns what came of it, a divergence included; empty when the person stopped it, so that it does not count. */
    Optional<Outcome> run(Experiment experiment);

    /** Returns the runner that trains in this JVM. */
    static Runner here(Transformer model, String version) {
        return experiment -> {
            try {
                Run run = experiment.recipe().train(model, experiment.train(), experiment.training());
                return run.stopped() ? Optional.empty() : measured(experiment, model, run, version);
            } catch (DivergedException e) {
                return Optional.of(Outcome.diverged(String.valueOf(e.getMessage()), version));
            }
        };
    }

    private static Optional<Outcome> measured(Experiment experiment, Transformer model, Run run, String version) {
        Evaluation evaluation = run.evaluate(experiment.measured());
        if (evaluation.predictions().size() < experiment.measured().size()) {
            return Optional.empty();
        }
        Set<String> warnings = new LinkedHashSet<>(run.provenance().warnings());
        warnings.addAll(evaluation.provenance().warnings());
        return Optional.of(new Outcome(
                experiment.recipe().trainableParameters(model),
                run.steps(),
                run.adapter().seconds(),
                List.copyOf(warnings),
                Optional.of(evaluation.predictions().logits()),
                "",
                version));
    }
}
