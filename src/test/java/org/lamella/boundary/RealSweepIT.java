// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;

/** A sweep of the real MiniLM on Reuters R8, cut by cut against the naive way. */
class RealSweepIT {

    @Test
    void theSweepOfMinilmIsTheNaiveOneBitForBit() {
        Task task = Task.load("reuters-r8");
        Split split = task.validation().sample(60, 0);
        try (Transformer model = Transformer.load("minilm");
                Scope scope = Scope.open()) {
            RandomAdapter adapter = RandomAdapter.over(model, LayerSet.parse("010111"), task.labels(), scope);

            Sweep sweep = Boundary.sweep(model, adapter, split);
            Trace trace = Boundary.trace(model, adapter, split);

            for (int b = 0; b <= model.depth(); b++) {
                assertThat(sweep.evaluation(b).predictions().logits())
                        .as("boundary " + b)
                        .isEqualTo(model.with(adapter.keeping(b)).predict(split).logits());
            }
            assertThat(sweep.table().intColumn("layer passes").asList()).containsExactly(6, 0, 6, 0, 4, 2, 1);
            assertThat(trace.probability(6).value()).isEqualTo(truth(sweep));
        }
    }

    private static double truth(Sweep sweep) {
        double sum = 0;
        int n = sweep.evaluation(6).predictions().size();
        for (int i = 0; i < n; i++) {
            sum += Math.exp(-sweep.evaluation(6).predictions().loss(i));
        }
        return sum / n;
    }
}
