// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

/** Whether a state has something to compare. */
enum Condition {
    VARIES("varies"),
    /** The same row for every example. */
    CONSTANT("is constant"),
    /** All that varies is an offset of each example, for instance one example that differs from all others. */
    TAKEN_AWAY("has nothing left to compare after debiasing");

    // a state is constant when its standard deviation is below this share of its length
    static final double SMALLEST_SPREAD = 1e-6;

    // share of the squared similarities that has to remain; rounding leaves less
    private static final double SMALLEST_REST = 1e-12;

    private final String words;

    Condition(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /**
     * Returns the condition of a state.
     *
     * @param distance mean squared distance of the examples from their mean
     * @param length mean squared length of the examples
     * @param hsic HSIC of the state with itself
     */
    static Condition of(double distance, double length, double hsic, int examples, Estimator estimator) {
        if (Math.sqrt(Math.max(distance, 0)) <= SMALLEST_SPREAD * Math.sqrt(length)) {
            return CONSTANT;
        }
        double all = examples * distance * examples * distance;
        double rest = hsic * examples * (examples - 3);
        return estimator == Estimator.DEBIASED && rest <= SMALLEST_REST * all ? TAKEN_AWAY : VARIES;
    }
}
