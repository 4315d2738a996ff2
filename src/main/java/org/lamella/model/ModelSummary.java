// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lamella.base.Listing;
import org.lamella.tensor.Tensor;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** One row a part of a model, from the embedding to the head. */
final class ModelSummary implements Listing {

    private final Weights weights;
    private final Optional<Overlay> overlay;

    ModelSummary(Weights weights, Optional<Overlay> overlay) {
        this.weights = weights;
        this.overlay = overlay;
    }

    @Override
    public Table table() {
        weights.requireOpen();
        Rows rows = new Rows();
        Architecture architecture = weights.architecture();
        weights.eyes().ifPresent(eyes -> addEyes(rows, eyes));
        rows.add("embedding", names(architecture.embedding()), weights.embedding());
        if (!weights.shared().isEmpty()) {
            rows.add("all layers", names(architecture.shared()), weights.shared());
        }
        String linears = architecture.linears().stream()
                .map(module -> module.name() + " (" + module.outputs() + ", " + module.inputs() + ")")
                .collect(Collectors.joining(", "));
        for (int layer = 0; layer < architecture.depth(); layer++) {
            rows.add(String.valueOf(layer), linears, weights.layer(layer));
        }
        if (!weights.pooler().isEmpty()) {
            rows.add("pooler", names(architecture.pooler()), weights.pooler());
        }
        overlay.flatMap(Overlay::head)
                .or(weights::head)
                .ifPresent(head -> rows.add(
                        "head",
                        String.join(", ", head.parameters().keySet()),
                        List.copyOf(head.parameters().values())));
        return rows.table();
    }

    // what sees comes first, as a picture does
    private static void addEyes(Rows rows, Sight eyes) {
        Weights tower = eyes.tower();
        Architecture architecture = tower.architecture();
        List<Tensor> all = new ArrayList<>(tower.frozen().values());
        rows.add(
                "tower",
                architecture.type() + ", " + architecture.depth() + " layers x " + architecture.width(),
                List.copyOf(all));
        rows.add(
                "projector",
                names(eyes.vision().projector()),
                List.copyOf(eyes.named().values()));
    }

    private static String names(List<Architecture.Weight> parts) {
        return parts.stream().map(part -> part.name() + " " + part.shape()).collect(Collectors.joining(", "));
    }

    private final class Rows {
        private final StringColumn layer = StringColumn.create("layer");
        private final StringColumn modules = StringColumn.create("modules");
        private final LongColumn parameters = LongColumn.create("parameters");
        private final StringColumn dtype = StringColumn.create("dtype");
        private final LongColumn bytes = LongColumn.create("bytes");

        void add(String name, String parts, List<Tensor> tensors) {
            long count = tensors.stream().mapToLong(Tensor::elements).sum();
            layer.append(name);
            modules.append(parts);
            parameters.append(count);
            dtype.append(weights.stored().name());
            bytes.append(count * weights.stored().bytes());
        }

        Table table() {
            long total = Arrays.stream(parameters.asLongArray()).sum();
            return Table.create(
                    weights.name() + ": " + weights.architecture().type() + ", " + total + " parameters",
                    layer,
                    modules,
                    parameters,
                    dtype,
                    bytes);
        }
    }
}
