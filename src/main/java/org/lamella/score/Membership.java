// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import org.lamella.base.Listing;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * How often each layer is chosen when the examples are drawn again: near 1 or 0 the choice is sure, near 0.5 it is
 * chance.
 *
 * @param layers how many layers are chosen each time
 * @param frequencies for each layer, from 0, the share of replicates that chose it; not a number without replicates
 */
public record Membership(int layers, List<Double> frequencies) implements Listing {

    /** Copies the frequencies. */
    public Membership {
        frequencies = List.copyOf(frequencies);
    }

    static Membership of(double[][] replicates, int depth, int layers, Candidates candidates) {
        double[] times = new double[depth];
        for (double[] importances : replicates) {
            Ranking.of(importances, candidates).top(layers).forEach(layer -> times[layer]++);
        }
        Double[] shares = new Double[depth];
        for (int layer = 0; layer < depth; layer++) {
            shares[layer] = replicates.length == 0 ? Double.NaN : times[layer] / replicates.length;
        }
        return new Membership(layers, List.of(shares));
    }

    /** Returns how often a layer is chosen, 0 to 1. */
    public double of(int layer) {
        if (layer < 0 || layer >= frequencies.size()) {
            throw new IllegalArgumentException("layer must be 0 to " + (frequencies.size() - 1) + "; got " + layer);
        }
        return frequencies.get(layer);
    }

    /** Returns one row a layer: layer, chosen (share of replicates). */
    @Override
    public Table table() {
        IntColumn layer = IntColumn.create("layer");
        DoubleColumn chosen = DoubleColumn.create("chosen");
        for (int i = 0; i < frequencies.size(); i++) {
            layer.append(i);
            chosen.append(frequencies.get(i));
        }
        return Table.create("how often a layer is among the " + layers + " chosen", layer, chosen);
    }
}
