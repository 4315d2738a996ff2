// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.base.Listing;
import org.lamella.base.Matrix;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/** The state of every example after every layer, one vector an example. Plain values: they outlive the model. */
public final class Representations implements Listing {

    private final List<Matrix> layers;

    Representations(List<Matrix> layers) {
        this.layers = List.copyOf(layers);
    }

    /** Returns the number of layers of the model. */
    public int depth() {
        return layers.size() - 1;
    }

    /**
     * Returns the states (examples x width) after a number of layers.
     *
     * @param index 0 for the embedding output, depth for the output of the last layer
     */
    public Matrix layer(int index) {
        if (index < 0 || index >= layers.size()) {
            throw new IllegalArgumentException(
                    "layer must be 0 (the embedding output) to " + depth() + "; got " + index);
        }
        return layers.get(index);
    }

    /** Returns one row a layer: how many vectors, their width, the mean and spread of their length. */
    @Override
    public Table table() {
        IntColumn index = IntColumn.create("layer");
        IntColumn examples = IntColumn.create("examples");
        IntColumn width = IntColumn.create("width");
        DoubleColumn length = DoubleColumn.create("mean length");
        DoubleColumn spread = DoubleColumn.create("distance from mean");
        for (int l = 0; l < layers.size(); l++) {
            Matrix matrix = layers.get(l);
            index.append(l);
            examples.append(matrix.rows());
            width.append(matrix.columns());
            length.append(meanDistance(matrix, new double[matrix.columns()]));
            spread.append(meanDistance(matrix, mean(matrix)));
        }
        return Table.create("representations", index, examples, width, length, spread);
    }

    private static double[] mean(Matrix matrix) {
        double[] mean = new double[matrix.columns()];
        for (int r = 0; r < matrix.rows(); r++) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += matrix.at(r, c) / matrix.rows();
            }
        }
        return mean;
    }

    private static double meanDistance(Matrix matrix, double[] from) {
        double sum = 0;
        for (int r = 0; r < matrix.rows(); r++) {
            double square = 0;
            for (int c = 0; c < from.length; c++) {
                double difference = matrix.at(r, c) - from[c];
                square += difference * difference;
            }
            sum += Math.sqrt(square) / matrix.rows();
        }
        return sum;
    }

    @Override
    public String toString() {
        return "Representations of " + layers.get(0).rows() + " examples after 0 to " + depth() + " layers";
    }
}
