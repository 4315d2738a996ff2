// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A row of the paper's tables of GLUE, as printed: in hundredths, a column a task.
 *
 * @param table the table's number
 * @param model the model
 * @param method what was trained
 * @param parameters as printed
 * @param values one a task, in the order of {@link GlueSettings#tasks()}
 * @param mean the column ALL
 * @param runs who ran it: the paper (the mean of three runs), or where it was copied from
 */
record PublishedGlue(
        int table, String model, String method, String parameters, List<Double> values, double mean, String runs) {

    // how far a mean of values printed with two digits, or with one, may lie from the printed mean
    private static final double PRINTED = 0.055;

    // arXiv 2602.05988v1, Tables 1, 4 and 5; MNLI, SST-2, MRPC, CoLA, QNLI, QQP, RTE, STS-B, ALL
    private static final List<PublishedGlue> ALL = PublishedRows.read("""
            1|deberta-v3-base|full fine-tuning|184M|89.90 95.63 89.46 69.19 94.03 92.40 83.75 91.60 88.25|PiSSA paper
            1|deberta-v3-base|LoRA|1.33M|90.65 94.95 89.95 69.82 93.87 91.99 85.20 91.60 88.50|PiSSA paper
            1|deberta-v3-base|Fisher|0.66M|86.85 91.44 78.43 61.11 92.32 90.69 58.24 85.46 80.82|own, three runs
            1|deberta-v3-base|CKA|0.66M|89.93 94.84 89.38 67.16 93.80 91.93 87.84 90.90 88.23|own, three runs
            1|roberta-base|full fine-tuning|125M|87.60 94.80 90.20 63.60 92.80 91.90 78.70 91.20 86.40|LoRA paper
            1|roberta-base|LoRA|0.3M|87.50 95.10 89.70 63.40 93.30 90.80 86.60 91.50 87.2|LoRA paper
            1|roberta-base|Fisher|0.15M|86.90 93.65 89.22 58.73 93.01 89.67 71.60 90.45 84.16|own, three runs
            1|roberta-base|CKA|0.15M|86.70 93.60 88.60 61.30 92.80 89.70 74.50 90.20 84.70|own, three runs
            4|roberta-base|1 layer|0.025M|80.49 92.85 81.54 51.55 89.18 86.70 61.61 85.77 78.71|own, three runs
            4|roberta-base|3 layers|0.075M|85.18 93.80 87.17 59.93 91.98 88.18 73.40 90.02 83.70|own, three runs
            4|roberta-base|6 layers|0.15M|86.74 93.60 88.60 61.30 92.80 89.70 74.50 90.17 84.66|own, three runs
            4|roberta-base|9 layers|0.22M|87.03 90.34 86.93 60.82 92.80 89.54 77.61 90.52 84.96|own, three runs
            5|roberta-base|LoRA, rank 8|0.30M|87.50 95.10 89.70 63.40 93.30 90.80 86.60 91.50 87.2|LoRA paper
            5|roberta-base|CKA, rank 8|0.15M|86.70 93.60 88.60 61.30 92.80 89.70 74.50 90.20 84.70|own, three runs
            5|roberta-base|CKA, rank 16|0.30M|86.92 93.84 88.23 60.14 92.69 90.04 76.30 90.18 84.79|own, three runs
            """, PublishedGlue::row);

    private static PublishedGlue row(String[] cells) {
        List<Double> numbers = PublishedRows.numbers(cells[4]);
        int tasks = numbers.size() - 1;
        return new PublishedGlue(
                Integer.parseInt(cells[0]),
                cells[1],
                cells[2],
                cells[3],
                List.copyOf(numbers.subList(0, tasks)),
                numbers.get(tasks),
                cells[5]);
    }

    static List<PublishedGlue> all() {
        return ALL;
    }

    /** Returns the mean of the printed values. */
    double computedMean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Returns what is odd about the row; empty when its mean is right. */
    String note() {
        if (Math.abs(computedMean() - mean) <= PRINTED) {
            return "";
        }
        double gap = mean * values.size()
                - values.stream().mapToDouble(Double::doubleValue).sum();
        return String.format(
                java.util.Locale.ROOT,
                "the printed mean %.2f is not that of the printed values, %.2f; one value %.2f larger would make it so",
                mean,
                computedMean(),
                gap);
    }

    /** Returns the values of a model and task by table and row, as our metrics have them. */
    static Map<String, Double> values(String model, String task) {
        int column = GlueSettings.tasks().indexOf(task);
        Map<String, Double> values = new LinkedHashMap<>();
        ALL.stream()
                .filter(row -> row.model.equals(model))
                .forEach(row -> values.put(
                        "Table " + row.table + ", " + row.method, Math.round(row.values.get(column) * 100) / 1e4));
        return values;
    }

    static Table table(int number) {
        List<PublishedGlue> rows =
                ALL.stream().filter(row -> row.table == number).toList();
        Table table = Table.create(
                "Table " + number + " of arXiv 2602.05988, in hundredths",
                StringColumn.create("model", rows.stream().map(PublishedGlue::model)),
                StringColumn.create("method", rows.stream().map(PublishedGlue::method)),
                StringColumn.create("parameters", rows.stream().map(PublishedGlue::parameters)));
        IntStream.range(0, GlueSettings.tasks().size())
                .forEach(task -> table.addColumns(DoubleColumn.create(
                        GlueSettings.tasks().get(task), rows.stream().mapToDouble(row -> row.values.get(task)))));
        return table.addColumns(
                DoubleColumn.create("all", rows.stream().mapToDouble(PublishedGlue::mean)),
                DoubleColumn.create("mean", rows.stream().mapToDouble(PublishedGlue::computedMean)),
                StringColumn.create("runs", rows.stream().map(PublishedGlue::runs)),
                StringColumn.create("note", rows.stream().map(PublishedGlue::note)));
    }

    /** Returns every row whose printed mean is not that of its values. */
    static Table odd() {
        List<PublishedGlue> odd =
                ALL.stream().filter(row -> !row.note().isEmpty()).toList();
        return Table.create(
                "rows of arXiv 2602.05988 that do not add up",
                IntColumn.create("table", odd.stream().mapToInt(PublishedGlue::table)),
                StringColumn.create("model", odd.stream().map(PublishedGlue::model)),
                StringColumn.create("method", odd.stream().map(PublishedGlue::method)),
                DoubleColumn.create("all", odd.stream().mapToDouble(PublishedGlue::mean)),
                DoubleColumn.create("mean", odd.stream().mapToDouble(PublishedGlue::computedMean)),
                StringColumn.create("note", odd.stream().map(PublishedGlue::note)));
    }
}
