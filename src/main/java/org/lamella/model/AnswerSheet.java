// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Arrays;
import java.util.BitSet;
import org.lamella.base.Matrix;
import org.lamella.data.Split;

/** The head's answers to a split, written down batch by batch in whatever order the batches come. */
public final class AnswerSheet {

    private final Split split;
    private final Batches batches;
    private final int outputs;
    private final double[] logits;
    private final BitSet answered = new BitSet();

    private AnswerSheet(Batches batches, int outputs) {
        this.split = batches.split();
        this.batches = batches;
        this.outputs = outputs;
        this.logits = new double[split.size() * outputs];
    }

    /**
     * Returns an empty sheet.
     *
     * @param outputs how many numbers the head gives for an example
     */
    public static AnswerSheet of(Batches batches, int outputs) {
        return new AnswerSheet(batches, outputs);
    }

    /** Writes the rows of a batch, (B, outputs), to the places of its examples. */
    public void write(int[] examples, float[] rows) {
        for (int b = 0; b < examples.length; b++) {
            answered.set(examples[b]);
            for (int k = 0; k < outputs; k++) {
                logits[examples[b] * outputs + k] = rows[b * outputs + k];
            }
        }
    }

    /**
     * Returns what was answered: of a stopped pass fewer examples than the split has, and never those whose prompt leaves
     * no token for an answer.
     */
    public Predictions predictions() {
        return of(answered.stream().toArray()).leftOut(batches.filled());
    }

    private Predictions of(int[] rows) {
        if (rows.length == split.size()) {
            return Predictions.of(split, Matrix.of(rows.length, outputs, logits), batches.missing(rows));
        }
        double[] kept = Arrays.stream(rows)
                .mapToObj(i -> Arrays.copyOfRange(logits, i * outputs, (i + 1) * outputs))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        return Predictions.of(split.only(rows), Matrix.of(rows.length, outputs, kept), batches.missing(rows));
    }
}
