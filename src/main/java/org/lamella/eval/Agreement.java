// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Arrays;

/**
 * How often each true label met each answer. Filled, read and cleared again for every resample, so that a metric costs
 * the number of labels and not the number of examples.
 */
final class Agreement {

    private final int labels;
    private final int[] cells; // (truth, answer), row after row
    private int examples;

    Agreement(int labels) {
        this.labels = labels;
        this.cells = new int[labels * labels];
    }

    int labels() {
        return labels;
    }

    /** Counts one example whose cell is truth * labels + answer. */
    void add(int cell) {
        cells[cell]++;
        examples++;
    }

    void clear() {
        Arrays.fill(cells, 0);
        examples = 0;
    }

    int count(int truth, int answer) {
        return cells[truth * labels + answer];
    }

    double accuracy() {
        return (double) correct() / examples;
    }

    double f1OfTheSecond() {
        long wanted = trueOnes(1);
        long answered = answers(1);
        return wanted + answered == 0 ? 0 : 2.0 * count(1, 1) / (wanted + answered);
    }

    double macroF1() {
        double sum = 0;
        int occurring = 0;
        for (int label = 0; label < labels; label++) {
            long either = trueOnes(label) + answers(label);
            if (either > 0) {
                sum += 2.0 * count(label, label) / either;
                occurring++;
            }
        }
        return sum / occurring;
    }

    // scikit-learn's matthews_corrcoef, step by step
    double matthews() {
        double n = examples;
        double together = 0;
        double answersSquared = 0;
        double truthsSquared = 0;
        for (int label = 0; label < labels; label++) {
            double truths = trueOnes(label);
            double answers = answers(label);
            together += truths * answers;
            answersSquared += answers * answers;
            truthsSquared += truths * truths;
        }
        double spread = (n * n - answersSquared) * (n * n - truthsSquared);
        return spread == 0 ? 0 : (correct() * n - together) / Math.sqrt(spread);
    }

    private long correct() {
        long sum = 0;
        for (int label = 0; label < labels; label++) {
            sum += count(label, label);
        }
        return sum;
    }

    private long trueOnes(int label) {
        long sum = 0;
        for (int answer = 0; answer < labels; answer++) {
            sum += count(label, answer);
        }
        return sum;
    }

    private long answers(int label) {
        long sum = 0;
        for (int truth = 0; truth < labels; truth++) {
            sum += count(truth, label);
        }
        return sum;
    }
}
