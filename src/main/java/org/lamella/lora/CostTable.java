// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.List;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Gathers the rows of a {@link Cost}, and their sums. */
final class CostTable {

    private static final int NUMBER = 4;

    private final String name;
    private final StringColumn layer = StringColumn.create("layer");
    private final StringColumn adapted = StringColumn.create("trained");
    private final LongColumn forward = LongColumn.create("forward FLOPs");
    private final LongColumn backward = LongColumn.create("backward FLOPs");
    private final LongColumn weights = LongColumn.create("frozen bytes");
    private final LongColumn trained = LongColumn.create("trained bytes");
    private final LongColumn kept = LongColumn.create("kept bytes");

    CostTable(String name) {
        this.name = name;
    }

    void row(String part, boolean hasPairs, CountedStep.Count count, long frozenBytes, long trainedNumbers) {
        layer.append(part);
        adapted.append(hasPairs ? "yes" : "");
        forward.append(count.forward());
        backward.append(count.backward());
        weights.append(frozenBytes);
        trained.append(5L * NUMBER * trainedNumbers);
        kept.append(count.kept());
    }

    Table withSums() {
        layer.append("sum");
        adapted.append("");
        List.of(forward, backward, weights, trained, kept).forEach(column -> column.append((long) column.sum()));
        return Table.create(name, layer, adapted, forward, backward, weights, trained, kept);
    }
}
