// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.lamella.base.Matrix;
import org.lamella.model.StateReader;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * Where representations come from: a model that reads a split, or matrices.
 *
 * @param depth the number of layers; there are depth + 1 states
 * @param width the greatest width of the states
 * @param examples how many examples there are
 * @param reading streams the states batch by batch and returns how many examples were read
 */
record Source(int depth, int width, int examples, ToIntFunction<StateReader> reading) {

    /** Returns matrices with one row an example as a source that streams so many rows at a time. */
    static Source of(List<Matrix> states, int batch) {
        int examples = states.get(0).rows();
        int width = states.stream().mapToInt(Matrix::columns).max().orElseThrow();
        return new Source(states.size() - 1, width, examples, reader -> {
            for (int start = 0; start < examples; start += batch) {
                read(states, start, Math.min(start + batch, examples), reader);
            }
            return examples;
        });
    }

    private static void read(List<Matrix> states, int start, int end, StateReader reader) {
        try (Scope step = Scope.open()) {
            List<Tensor> tensors = new ArrayList<>();
            for (Matrix state : states) {
                double[] rows = IntStream.range(start, end)
                        .mapToObj(state::row)
                        .flatMapToDouble(java.util.Arrays::stream)
                        .toArray();
                tensors.add(step.doubles(rows, end - start, state.columns()));
            }
            reader.read(IntStream.range(start, end).toArray(), tensors, step);
        }
    }
}
