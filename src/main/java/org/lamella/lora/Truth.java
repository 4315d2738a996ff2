// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.eval.Evaluation;

/** Checks before the first step that no example lacks what a training or a measurement on its way will ask for. */
final class Truth {

    private Truth() {}

    /** Throws when the split is empty or an example has no truth to train on. */
    static void requireToTrain(Split split) {
        if (split.size() == 0) {
            throw new IllegalArgumentException("split must hold at least one example; got an empty " + split.name());
        }
        boolean regression = split.task().kind() == Task.Kind.REGRESSION;
        for (int i = 0; i < split.size(); i++) {
            Example example = split.example(i);
            if (regression ? Double.isNaN(example.target()) : example.label() < 0) {
                throw new IllegalArgumentException("split must be labelled to train on it; got example " + i + " of "
                        + split.name() + " without its " + (regression ? "target" : "label"));
            }
        }
    }

    /** Throws when the split cannot be measured with the head that is trained on another. */
    static void requireToMeasure(Split measured, Split trained) {
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
