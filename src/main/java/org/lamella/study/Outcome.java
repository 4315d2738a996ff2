// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.List;
import java.util.Optional;
import org.lamella.base.Matrix;
import org.lamella.data.Split;
import org.lamella.eval.Evaluation;
import org.lamella.model.Predictions;

/**
 * What is kept of a finished run: enough to measure and compare it again without its adapter.
 *
 * @param parameters how many numbers its pairs had
 * @param steps optimizer steps
 * @param seconds how long the training took
 * @param warnings what its provenance warned of
 * @param logits one row an example that was measured; empty when the run diverged
 * @param trouble why there are no logits; empty when there are
 * @param version of the library that made it
 */
record Outcome(
        long parameters,
        int steps,
        double seconds,
        List<String> warnings,
        Optional<Matrix> logits,
        String trouble,
        String version) {

    Outcome {
        warnings = List.copyOf(warnings);
    }

    static Outcome diverged(String trouble, String version) {
        return new Outcome(0, 0, Double.NaN, List.of(), Optional.empty(), trouble, version);
    }

    boolean diverged() {
        return logits.isEmpty();
    }

    /** Returns the evaluation of the run on the examples it was measured on. */
    Evaluation evaluation(Split measured, String name) {
        return Evaluation.of(Predictions.of(measured, logits.orElseThrow())).named(name);
    }
}
