// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.base.Interval;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/** A row of intervals, one a point from 0 on, as columns of a table and as a line with a band. */
final class Bands {

    private Bands() {}

    /** Adds three columns: the values and both ends; points that the row does not have are missing. */
    static void add(Table table, String name, List<Interval> row) {
        int points = table.rowCount();
        table.addColumns(
                DoubleColumn.create(name, each(row, points, Interval::value)),
                DoubleColumn.create(name + " low", each(row, points, Interval::low)),
                DoubleColumn.create(name + " high", each(row, points, Interval::high)));
    }

    /** Returns the chart with the row as a line, and its band. */
    static Chart draw(Chart chart, String name, List<Interval> row) {
        return draw(chart, name, IntStream.range(0, row.size()).asDoubleStream().toArray(), row);
    }

    /** Returns the chart with the row as a line over the given places, and its band. */
    static Chart draw(Chart chart, String name, double[] places, List<Interval> row) {
        int points = row.size();
        return chart.band(
                name,
                places,
                each(row, points, Interval::value),
                each(row, points, Interval::low),
                each(row, points, Interval::high));
    }

    private static double[] each(List<Interval> row, int points, ToDoubleFunction<Interval> part) {
        return IntStream.range(0, points)
                .mapToDouble(point -> point < row.size() ? part.applyAsDouble(row.get(point)) : Double.NaN)
                .toArray();
    }
}
