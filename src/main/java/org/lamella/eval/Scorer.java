// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.lamella.data.Task;
import org.lamella.model.Predictions;

/** Computes every metric and the mean loss of any resample of one split's examples. */
interface Scorer {

    /** Returns the metrics in their order and then the mean loss. */
    double[] of(int[] drawn);

    /** Returns the scorer of these predictions; the metrics must suit them. */
    static Scorer of(Predictions predictions, List<Metric> metrics) {
        int n = predictions.size();
        double[] losses = new double[n];
        Arrays.setAll(losses, predictions::loss);
        if (Answers.areNumbers(predictions)) {
            double[] truth = Answers.targets(predictions.split());
            double[] answers = new double[n];
            Arrays.setAll(answers, predictions::value);
            List<Correlation> correlations =
                    metrics.stream().map(m -> m.correlation(truth, answers)).toList();
            return drawn -> withLoss(correlations.stream().mapToDouble(c -> c.of(drawn)), losses, drawn);
        }
        if (predictions.split().task().kind() == Task.Kind.GENERATION) {
            return drawn -> {
                TokenSums sums = Answers.tokens(predictions, drawn);
                return withLoss(metrics.stream().mapToDouble(m -> m.of(sums)), losses, drawn);
            };
        }
        int[] cells = Answers.cells(predictions);
        Agreement agreement = new Agreement(predictions.split().task().labels().size());
        return drawn -> {
            agreement.clear();
            for (int i : drawn) {
                agreement.add(cells[i]);
            }
            return withLoss(metrics.stream().mapToDouble(m -> m.of(agreement)), losses, drawn);
        };
    }

    private static double[] withLoss(DoubleStream metrics, double[] losses, int[] drawn) {
        double sum = 0;
        for (int i : drawn) {
            sum += losses[i];
        }
        return DoubleStream.concat(metrics, DoubleStream.of(sum / drawn.length)).toArray();
    }
}
