// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.lamella.base.LayerSet;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Task;
import org.lamella.lora.Lora;
import org.lamella.lora.Training;
import org.lamella.model.Tiny;

/** A study of two layer sets, and a runner that trains nothing: its answers follow from the experiment's key. */
final class Fixture implements Runner {

    static final String MODEL = "0123456789abcdef";

    final List<String> done = new ArrayList<>();

    static Experiment experiment(int examples) {
        Task task = Tiny.task(examples);
        return Experiment.of(
                Lora.on(LayerSet.of(4, 1, 3)),
                Training.standard().epochs(1).batchSize(8),
                task.train(),
                task.validation());
    }

    static Factor layers() {
        Map<String, LayerSet> sets = new LinkedHashMap<>();
        sets.put("upper", LayerSet.of(4, 2, 3));
        sets.put("lower", LayerSet.of(4, 0, 1));
        return Factor.layers(sets);
    }

    static Study study(int examples) {
        return Study.seeds(experiment(examples), 0, 1).vary(layers());
    }

    Findings run(Study study) {
        return study.run(MODEL, this, Provenance.of("fixture"));
    }

    @Override
    public Optional<Outcome> run(Experiment experiment) {
        String key = Fingerprints.of(MODEL, experiment);
        done.add(key);
        return Optional.of(outcome(key, experiment));
    }

    // every third answer or so is right
    static Outcome outcome(String key, Experiment experiment) {
        int rows = experiment.measured().size();
        int columns = experiment.measured().task().labels().size();
        SplittableRandom random = new Seed(0).child(key).random();
        float[] logits = new float[rows * columns];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian();
        }
        for (int row = 0; row < rows; row++) {
            logits[row * columns + experiment.measured().example(row).label()] += 1;
        }
        return new Outcome(
                48, 2, 0.5, List.of("careful"), Optional.of(Matrix.of(rows, columns, logits)), "", "development");
    }
}
