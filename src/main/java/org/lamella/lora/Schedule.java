// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

/** How the learning rate goes over a run, after a linear warm-up from zero: the schedules of Hugging Face transformers. */
public enum Schedule {
    /** Falls in a straight line to zero at the last step. */
    LINEAR,
    /** Falls along half a cosine wave to zero at the last step. */
    COSINE,
    /** Stays. */
    CONSTANT;

    /**
     * Returns the factor on the peak learning rate for an optimizer step.
     *
     * @param step the step, counted from 0; with a warm-up step 0 has factor 0
     * @param warmup the number of warm-up steps
     * @param steps the number of steps of the whole run
     */
    public double factor(int step, int warmup, int steps) {
        if (step < warmup) {
            return (double) step / Math.max(1, warmup);
        }
        double progress = (double) (step - warmup) / Math.max(1, steps - warmup);
        return switch (this) {
            case LINEAR -> Math.max(0, (double) (steps - step) / Math.max(1, steps - warmup));
            case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
            case CONSTANT -> 1;
        };
    }
}
