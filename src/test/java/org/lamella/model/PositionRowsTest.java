// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** How many rows of the table of relative positions are counted is how many the model takes, at every length. */
class PositionRowsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 17, 23, 32, 33, 47, 63, 64})
    void countedRowsAreTakenRows(int columns) {
        Transformer model = Transformer.load(Golden.path("deberta/model"));
        Weights weights = model.weights();
        try (Scope scope = Scope.open()) {
            List<Tensor> prepared = weights.script()
                    .call("prepare")
                    .with(scope.zeros(DType.F32, 1, columns))
                    .with(weights.shared())
                    .many(scope);

            long taken = prepared.get(0).size(0);
            Work work = model.work(0, BatchShape.even(1, columns), false);
            assertThat(work.products().stream()
                            .filter(product -> product.name().equals("content to position"))
                            .mapToLong(Product::columns))
                    .containsExactly(taken);
        }
    }
}
