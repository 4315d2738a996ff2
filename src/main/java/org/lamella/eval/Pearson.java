// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

/** Pearson's correlation coefficient. */
final class Pearson implements Correlation {

    private final double[] truth;
    private final double[] answers;

    Pearson(double[] truth, double[] answers) {
        this.truth = truth;
        this.answers = answers;
    }

    @Override
    public double of(int[] drawn) {
        if (Correlation.constant(truth, drawn) || Correlation.constant(answers, drawn)) {
            return Double.NaN;
        }
        double truthMean = mean(truth, drawn);
        double answerMean = mean(answers, drawn);
        double together = 0;
        double first = 0;
        double second = 0;
        for (int i : drawn) {
            double x = truth[i] - truthMean;
            double y = answers[i] - answerMean;
            together += x * y;
            first += x * x;
            second += y * y;
        }
        return Correlation.of(together, first, second);
    }

    private static double mean(double[] values, int[] drawn) {
        double sum = 0;
        for (int i : drawn) {
            sum += values[i];
        }
        return sum / drawn.length;
    }
}
