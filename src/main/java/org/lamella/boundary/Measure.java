// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.stream.IntStream;
import org.lamella.data.Task;
import org.lamella.model.Predictions;

/**
 * What a curve says of an example: how the model that answers takes the truth. Of an answer, its tokens are read each after
 * the true ones before it, and averaged over its tokens; every example then weighs the same.
 */
public enum Measure {
    /** The mean probability of the answer's tokens, or that of the true label. */
    PROBABILITY("probability of the truth", true, Predictions::probability),

    /** The mean negative log-probability in nats; for a regression the squared error. */
    LOSS("loss", false, Predictions::loss),

    /** The geometric mean of the probabilities of the answer's tokens, robust for long ones; of a label its probability. */
    GEOMETRIC_MEAN(
            "geometric mean of the truth's probabilities",
            true,
            (predictions, example) -> Math.exp(-predictions.loss(example))),

    /** The mean rank of the truth among all words or labels, 1 for the most probable. */
    RANK("rank of the truth", false, Predictions::rank),

    /** The share of the answer's tokens that are the most probable ones; of a label 1 or 0. */
    MOST_PROBABLE("share of the truth that is most probable", true, Measure::mostProbable);

    private interface OfExample {
        double of(Predictions predictions, int example);
    }

    private final String words;
    private final boolean moreIsBetter;
    private final OfExample reading;

    Measure(String words, boolean moreIsBetter, OfExample reading) {
        this.words = words;
        this.moreIsBetter = moreIsBetter;
        this.reading = reading;
    }

    private static double mostProbable(Predictions predictions, int example) {
        return predictions.split().task().kind() == Task.Kind.GENERATION
                ? (double) predictions.rightTokens(example) / predictions.answerTokens(example)
                : predictions.rank(example) == 1 ? 1 : 0;
    }

    /** Returns whether more is better; of {@link #LOSS} and {@link #RANK} less is. */
    public boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** Returns one number for each example. */
    double[] of(Predictions predictions) {
        return IntStream.range(0, predictions.size())
                .mapToDouble(example -> reading.of(predictions, example))
                .toArray();
    }

    /** Returns by how much the first is better than the second. */
    double gain(double first, double second) {
        return moreIsBetter ? first - second : second - first;
    }

    /** Throws unless a task can be read so: of a regression there is a loss alone. */
    void requireFits(Task task) {
        if (task.kind() == Task.Kind.REGRESSION && this != LOSS) {
            throw new IllegalArgumentException(
                    "measure must be LOSS for " + task.name() + ", a regression; got " + name());
        }
    }

    /** Returns its words, for instance {@code probability of the truth}. */
    @Override
    public String toString() {
        return words;
    }
}
