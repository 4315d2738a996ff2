// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

/** A training run left the finite numbers and was stopped. What was trained up to the step before is kept. */
public final class DivergedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final int step;
    private final double lastFiniteLoss;

    /**
     * Makes the exception of a run that diverged.
     *
     * @param step the optimizer step whose loss or gradient was not finite, counted from 1
     * @param lastFiniteLoss the loss of the last good step, not a number if there was none
     * @param seed the seed of the run
     * @param advice the next thing to try
     */
    public DivergedException(int step, double lastFiniteLoss, long seed, String advice) {
        super("loss must stay finite; at step " + step + " it was not (last finite loss " + lastFiniteLoss + ", seed "
                + seed + "); " + advice);
        this.step = step;
        this.lastFiniteLoss = lastFiniteLoss;
    }

    /** Returns the optimizer step that failed, counted from 1. */
    public int step() {
        return step;
    }

    /** Returns the loss of the last good step, not a number if there was none. */
    public double lastFiniteLoss() {
        return lastFiniteLoss;
    }
}
