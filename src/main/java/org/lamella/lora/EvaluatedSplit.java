// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;

/** Checks before the first step that a training can measure itself on a split on its way. */
final class EvaluatedSplit {

    private EvaluatedSplit() {}

    /** Throws when the split cannot be measured with the head that is trained on another. */
    static void require(Split measured, Split trained) {
        Evaluation.requireMeasurable(measured);
        Task task = trained.task();
        if (measured.task().kind() != task.kind() || !measured.task().labels().equals(task.labels())) {
            throw new IllegalArgumentException("evaluated split must have the answers of " + task.name() + ", "
                    + answers(task) + "; got " + measured.task().name() + " with " + answers(measured.task()));
        }
    }

    private static String answers(Task task) {
        return task.kind() == Task.Kind.REGRESSION ? "a number" : task.labels().toString();
    }
}
