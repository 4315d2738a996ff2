// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Lora;
import org.lamella.lora.Run;
import org.lamella.lora.Training;
import org.lamella.model.Transformer;

/**
 * One thing to try: a recipe, how it is trained, what it learns from and what it is measured on. An immutable value.
 *
 * @param recipe the layers and pairs
 * @param training how they are trained; its seed is that of the run
 * @param train the examples to learn from
 * @param measured the examples to measure on, after the last step
 * @param metric the metric that counts, one of the task's
 * @param notes facts that belong to the result, for instance the quirks of a protocol, name to words
 */
public record Experiment(
        Lora recipe, Training training, Split train, Split measured, String metric, Map<String, String> notes) {

    /** Checks the metric. */
    public Experiment {
        List<String> known = measured.task().metrics();
        GlueSettings.require("metric", metric, known);
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }

    /** Returns the experiment whose metric is the first of the task. */
    public static Experiment of(Lora recipe, Training training, Split train, Split measured) {
        return new Experiment(
                recipe, training, train, measured, measured.task().metrics().get(0), Map.of());
    }

    /** Returns this experiment with another recipe. */
    public Experiment recipe(Lora other) {
        return new Experiment(other, training, train, measured, metric, notes);
    }

    /** Returns this experiment on other layers. */
    public Experiment layers(LayerSet elsewhere) {
        return recipe(recipe.layers(elsewhere));
    }

    /** Returns this experiment with another rank, alpha changed with it so that the scale stays. */
    public Experiment rank(int width) {
        return recipe(scaled(recipe, width));
    }

    static Lora scaled(Lora recipe, int width) {
        return recipe.rank(width).alpha(recipe.alpha() / recipe.rank() * width);
    }

    /** Returns this experiment with another training. */
    public Experiment training(Training other) {
        return new Experiment(recipe, other, train, measured, metric, notes);
    }

    /** Returns this experiment with another seed. */
    public Experiment seed(long number) {
        return training(training.seed(number));
    }

    /** Returns this experiment learning from other examples, for instance a sample of them. */
    public Experiment train(Split examples) {
        return new Experiment(recipe, training, examples, measured, metric, notes);
    }

    /** Returns this experiment measured on other examples of a task with the same metric. */
    public Experiment measured(Split examples) {
        return new Experiment(recipe, training, train, examples, metric, notes);
    }

    /** Returns this experiment with another metric of the task as the one that counts. */
    public Experiment metric(String name) {
        return new Experiment(recipe, training, train, measured, name, notes);
    }

    /** Returns this experiment with one more fact. */
    public Experiment note(String name, String words) {
        Map<String, String> more = new LinkedHashMap<>(notes);
        more.put(name, words);
        return new Experiment(recipe, training, train, measured, metric, more);
    }

    /**
     * Trains on a model and measures. The model does not change.
     *
     * <p>Shows progress; stopping it returns the trial of what was trained until then.
     */
    public Trial run(Transformer model) {
        Evaluation.requireMeasurable(measured);
        Run run = recipe.train(model, train, training);
        return Trial.of(this, run, run.evaluate(measured));
    }

    /** Returns one line: recipe, training, examples, metric. */
    @Override
    public String toString() {
        return recipe + ", " + training + ", on " + train + ", " + metric + " of " + measured;
    }
}
