// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * What CKA needs of any number of examples: sums of products of features, D x D for each state and each pair of
 * neighbours, in double precision. Debiasing adds only sums of vectors: with {@code x, y} centred or not,
 * {@code tr(K̃L̃) = ‖XᵀY‖² − Σ‖xᵢ‖²‖yᵢ‖²} and the row sums of {@code K̃} are {@code xᵢ·Σx − ‖xᵢ‖²}.
 */
final class StreamedSums {

    private final Scope scope;
    private List<Tensor> sums = List.of();

    StreamedSums(Scope scope) {
        this.scope = scope;
    }

    void take(List<Tensor> states) {
        if (sums.isEmpty()) {
            sums = start(states);
        }
        CkaScript.call("absorb").with(sums).with(states).run();
    }

    private List<Tensor> start(List<Tensor> states) {
        long count = states.size();
        long pairs = 2 * count - 1;
        long width = states.get(0).size(1);
        Tensor shift = CkaScript.call("first")
                .with(states)
                .with(scope.zeros(DType.F64, 1))
                .one(scope);
        return List.of(
                shift,
                scope.zeros(DType.F64, count, width),
                scope.zeros(DType.F64, count),
                scope.zeros(DType.F64, pairs, width, width),
                scope.zeros(DType.F64, pairs, width),
                scope.zeros(DType.F64, pairs, width),
                scope.zeros(DType.F64, pairs));
    }

    /** Returns HSIC of each state with itself, then of each state with the next, over the n examples taken. */
    double[] hsic(int n, Estimator estimator) {
        return CkaScript.call("streamed_hsic")
                .with(sums)
                .with(n)
                .with(estimator == Estimator.DEBIASED)
                .one(scope)
                .doubles();
    }

    /** Returns the mean squared distance from the mean for each state, then the mean squared length. */
    double[] spread(int n) {
        return CkaScript.call("streamed_spread").with(sums).with(n).one(scope).doubles();
    }
}
