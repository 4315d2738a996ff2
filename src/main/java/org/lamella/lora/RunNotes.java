// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamella.base.Provenance;
import org.lamella.data.Split;
import org.lamella.model.Batches;
import org.lamella.model.Transformer;

/** Writes the provenance of a run. */
final class RunNotes {

    private final Provenance provenance;

    private RunNotes(Provenance provenance) {
        this.provenance = provenance;
    }

    static RunNotes begin(
            Lora recipe, Transformer model, Split split, Training training, Batches batches, int leftOut) {
        String lines = "var model = " + model.recipe() + ";\n"
                + "var train = " + split.recipe() + ";\n"
                + "var run = " + recipe.recipe() + "\n"
                + "    .train(model, train, " + training.recipe() + ");";
        Provenance provenance = model.provenance(split, lines)
                .with("cut", batches.cut() + " of " + split.size() + " texts")
                .with("seed", training.seed());
        for (String warning : Stream.of(
                        clamped(training, model), unanswered(model, batches, leftOut), idle(recipe, model))
                .flatMap(Optional::stream)
                .toList()) {
            provenance = provenance.warning(warning);
        }
        return new RunNotes(provenance);
    }

    // a projector mostly reads the state before a tower's last one
    private static Optional<String> idle(Lora recipe, Transformer model) {
        List<Integer> above = recipe.tower().stream()
                .flatMap(part -> part.layers().indices().stream())
                .filter(layer -> layer >= model.towerLayers())
                .sorted()
                .toList();
        return above.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "layers " + above + " of the vision tower are not run, since the projector reads the states"
                                + " below them: their pairs learn nothing");
    }

    // a prompt that fills all tokens leaves none for its answer
    private static Optional<String> unanswered(Transformer model, Batches batches, int leftOut) {
        batches.requireAnswerable();
        int count = batches.split().size();
        int without = batches.filled();
        return without == 0
                ? Optional.empty()
                : Optional.of(without + " of " + count + " prompts fill all " + model.maxTokens()
                        + " tokens, so nothing of their answers is learnt"
                        + (leftOut == 0 ? "" : "; steps with such prompts alone are left out, " + leftOut));
    }

    /** Returns the same call as one expression, without names of its own. */
    static String expression(Lora recipe, Transformer model, Split split, Training training) {
        return recipe.recipe() + "\n    .train(" + model.recipe() + ", " + split.recipe() + ", " + training.recipe()
                + ")";
    }

    /** Returns what is to say when a training asks for more tokens than the model takes. */
    static Optional<String> clamped(Training training, Transformer model) {
        boolean more = training.maxTokens() != Integer.MAX_VALUE && training.maxTokens() > model.maxTokens();
        return more
                ? Optional.of("texts are cut at " + model.maxTokens() + " tokens, where " + model.name()
                        + " cuts; maxTokens asked for " + training.maxTokens())
                : Optional.empty();
    }

    RunNotes resumed(int steps, Path folder) {
        return new RunNotes(provenance.with(
                "checkpoints", folder + (steps == 0 ? "" : ", went on after step " + steps + " of an earlier start")));
    }

    RunNotes measurementStopped(int step) {
        return new RunNotes(provenance.warning("the measurement after step " + step + " was stopped and is left out"));
    }

    RunNotes diverged(int step, int keptSteps) {
        return new RunNotes(provenance.warning("diverged at step " + step + "; the adapter is that after step "
                + keptSteps + ", the last with which the loss was finite"));
    }

    RunNotes finished(int steps, int planned) {
        Provenance done = provenance.with("steps", steps + " of " + planned);
        return new RunNotes(
                (steps < planned ? done.warning("stopped after " + steps + " of " + planned + " steps") : done)
                        .finished());
    }

    Provenance provenance() {
        return provenance;
    }
}
