// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How large the change is that an adapter's pairs make of the frozen weights: the Frobenius norm of scale · B A, or of
 * scale · (B A - B₀ A₀) where a pair started elsewhere than at zero, for each module of each layer. Plain Java values.
 */
public final class ChangeNorms implements Listing {

    private static final Script SCRIPT = Script.compile("""
            def norm(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.linalg_vector_norm(torch.matmul(b, a))

            def moved(self, a: Tensor, b: Tensor, a0: Tensor, b0: Tensor) -> Tensor:
              return torch.linalg_vector_norm(torch.sub(torch.matmul(b, a), torch.matmul(b0, a0)))
            """);

    private final TreeMap<Integer, Map<String, Double>> norms = new TreeMap<>();

    private ChangeNorms() {}

    static ChangeNorms of(Map<Integer, Map<String, Pair>> pairs) {
        ChangeNorms all = new ChangeNorms();
        pairs.forEach((layer, modules) -> {
            Map<String, Double> row = new TreeMap<>();
            modules.forEach((module, pair) -> row.put(module, norm(pair)));
            all.norms.put(layer, row);
        });
        return all;
    }

    private static double norm(Pair pair) {
        try (Scope step = Scope.open()) {
            Optional<Pair.Start> start = pair.start();
            Tensor norm = start.isPresent()
                    ? SCRIPT.call("moved")
                            .with(pair.down())
                            .with(pair.up())
                            .with(start.get().down())
                            .with(start.get().up())
                            .one(step)
                    : SCRIPT.call("norm").with(pair.down()).with(pair.up()).one(step);
            return Math.abs(pair.factor()) * norm.doubles()[0];
        }
    }

    /** Returns the norm of the change in some layers together: the root of the sum of their squares. */
    public double of(LayerSet layers) {
        return Math.sqrt(norms.entrySet().stream()
                .filter(layer -> layers.contains(layer.getKey()))
                .flatMap(layer -> layer.getValue().values().stream())
                .mapToDouble(norm -> norm * norm)
                .sum());
    }

    /** Returns one row a pair: layer, module, norm. */
    @Override
    public Table table() {
        IntColumn layer = IntColumn.create("layer");
        StringColumn module = StringColumn.create("module");
        DoubleColumn norm = DoubleColumn.create("norm");
        norms.forEach((index, modules) -> modules.forEach((name, value) -> {
            layer.append(index);
            module.append(name);
            norm.append(value);
        }));
        return Table.create("norms of the change", layer, module, norm);
    }
}
