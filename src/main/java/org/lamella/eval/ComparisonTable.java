// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.Optional;
import org.lamella.base.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Collects the rows of a comparison; what is not known is missing. */
final class ComparisonTable {

    private final StringColumn name = StringColumn.create("name");
    private final StringColumn metric = StringColumn.create("metric");
    private final DoubleColumn value = DoubleColumn.create("value");
    private final DoubleColumn low = DoubleColumn.create("low");
    private final DoubleColumn high = DoubleColumn.create("high");
    private final DoubleColumn difference = DoubleColumn.create("difference");
    private final DoubleColumn differenceLow = DoubleColumn.create("difference low");
    private final DoubleColumn differenceHigh = DoubleColumn.create("difference high");
    private final LongColumn parameters = LongColumn.create("parameters");
    private final DoubleColumn seconds = DoubleColumn.create("seconds");

    void add(Evaluation evaluation, String metricName, Interval fromReference) {
        Interval own = evaluation.value(metricName);
        name.append(evaluation.name());
        metric.append(metricName);
        value.append(own.value());
        low.append(own.low());
        high.append(own.high());
        difference.append(fromReference.value());
        differenceLow.append(fromReference.low());
        differenceHigh.append(fromReference.high());
        Optional<Recipe> recipe = evaluation.recipe();
        if (recipe.isPresent()) {
            parameters.append(recipe.get().parameters());
        } else {
            parameters.appendMissing();
        }
        seconds.append(recipe.map(Recipe::seconds).orElse(Double.NaN));
    }

    Table named(String title) {
        return Table.create(
                title, name, metric, value, low, high, difference, differenceLow, differenceHigh, parameters, seconds);
    }
}
