// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.lamella.base.Listing;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a model says of one text.
 *
 * @param label the most probable label; empty for regression
 * @param labels all labels in the head's order; empty for regression
 * @param probabilities the probability of each label; for regression the one number predicted
 * @param cut how many tokens were left out because the text is longer than the model, or its training, takes
 */
public record Prediction(String label, List<String> labels, List<Double> probabilities, int cut) implements Listing {

    /** Copies the lists. */
    public Prediction {
        labels = List.copyOf(labels);
        probabilities = List.copyOf(probabilities);
    }

    /** Returns one row a label with its probability, most probable first; for regression the one number. */
    @Override
    public Table table() {
        if (labels.isEmpty()) {
            return Table.create("prediction" + cutClause(), DoubleColumn.create("value", probabilities));
        }
        List<Integer> order = IntStream.range(0, labels.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -probabilities.get(i)))
                .toList();
        return Table.create(
                "prediction" + cutClause(),
                StringColumn.create("label", order.stream().map(labels::get)),
                DoubleColumn.create(
                        "probability", order.stream().map(probabilities::get).toList()));
    }

    private String cutClause() {
        return cut == 0 ? "" : ", its text cut by " + cut + " tokens";
    }

    @Override
    public String toString() {
        return (labels.isEmpty()
                        ? String.format(Locale.ROOT, "%.4f", probabilities.get(0))
                        : String.format(Locale.ROOT, "%s (%.3f)", label, probabilities.get(labels.indexOf(label))))
                + cutClause();
    }
}
