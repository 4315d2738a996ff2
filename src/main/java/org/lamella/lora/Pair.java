// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import org.lamella.tensor.Tensor;

/** The low-rank pair of one linear module: its output changes by scale · B A x. The tensors belong to the adapter. */
final class Pair {

    private final Tensor down;
    private final Tensor up;
    private final Tensor scale;
    private final double alpha;
    private final boolean rankStabilised;

    Pair(Tensor down, Tensor up, Tensor scale, double alpha, boolean rankStabilised) {
        this.down = down;
        this.up = up;
        this.scale = scale;
        this.alpha = alpha;
        this.rankStabilised = rankStabilised;
    }

    /** A: (R, inputs). */
    Tensor down() {
        return down;
    }

    /** B: (outputs, R). */
    Tensor up() {
        return up;
    }

    /** A single number. */
    Tensor scale() {
        return scale;
    }

    int rank() {
        return (int) down.size(0);
    }

    double alpha() {
        return alpha;
    }

    boolean rankStabilised() {
        return rankStabilised;
    }

    long parameters() {
        return down.elements() + up.elements();
    }

    double factor() {
        return factor(rank(), alpha, rankStabilised);
    }

    /** alpha / r, or alpha / sqrt(r) when rank-stabilised (Kalajdzievski 2023). */
    static double factor(int rank, double alpha, boolean rankStabilised) {
        return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }
}
