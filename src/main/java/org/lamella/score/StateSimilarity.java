// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * The CKA of every state of a model with every other: state 0 is the embedding output, state i + 1 the output of layer
 * i. Not a number where one of the two is constant.
 *
 * @param values (L + 1) x (L + 1) numbers, symmetric, 1 on the diagonal
 * @param provenance where it comes from
 */
public record StateSimilarity(Matrix values, Provenance provenance) implements Result {

    /** Returns one row a state: its number, then its CKA with state 0, 1 ... */
    @Override
    public Table table() {
        Table table = values.table().setName("CKA of every state with every state");
        return table.insertColumn(
                0, IntColumn.create("state", IntStream.range(0, values.rows()).toArray()));
    }

    /** Returns a heat map, state 0 on top and on the left. */
    @Override
    public Figure chart() {
        List<String> names = IntStream.range(0, values.rows())
                .mapToObj(state -> state == 0 ? "embedding" : "layer " + (state - 1))
                .toList();
        return Chart.titled("How alike the states are (CKA)")
                .heatMap(names, names, values, 0, 1)
                .note("A heat map of the CKA of the embedding output and the outputs of " + (values.rows() - 1)
                        + " layers, each with each; blocks of high values are layers that change little.")
                .figure();
    }

    @Override
    public String toString() {
        return "CKA of " + values.rows() + " states, each with each";
    }
}
