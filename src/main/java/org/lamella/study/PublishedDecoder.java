// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A row of the paper's tables of decoders, as printed: in hundredths, the mean of three runs and their deviation.
 *
 * @param table the table's number
 * @param model the model
 * @param parameters as printed
 * @param method what was trained
 * @param values GSM8K, MATH, HumanEval, MBPP
 * @param deviations of the same
 */
record PublishedDecoder(
        int table, String model, String parameters, String method, List<Double> values, List<Double> deviations) {

    static final List<String> TASKS = List.of("gsm8k", "math", "humaneval", "mbpp");

    // arXiv 2602.05988v1, Tables 2 and 3; the rows full fine-tuning, LoRA and PiSSA are copied from the PiSSA paper
    private static final List<PublishedDecoder> ALL = PublishedRows.read("""
            2|llama-2-7b|6738M|full fine-tuning|49.13 0.21 7.29 0.22 21.20 0.30 35.59 0.25
            2|llama-2-7b|320M|LoRA|42.85 0.12 5.50 0.33 18.35 0.31 35.50 0.14
            2|llama-2-7b|320M|PiSSA|53.22 0.55 7.47 0.34 21.92 0.38 37.24 0.63
            2|llama-2-7b|159M|LoRA, CKA|47.28 0.44 6.45 0.06 21.77 0.97 37.67 0.40
            2|llama-2-7b|159M|PiSSA, CKA|54.79 0.92 8.83 0.13 25.63 2.80 40.50 1.14
            2|mistral-7b|7240M|full fine-tuning|69.91 0.25 18.64 0.35 45.31 0.14 51.46 0.13
            2|mistral-7b|335M|LoRA|69.50 0.42 20.08 0.20 43.78 0.34 58.46 0.37
            2|mistral-7b|335M|PiSSA|73.31 0.23 23.12 0.52 46.88 0.25 62.55 0.58
            2|mistral-7b|167M|LoRA, CKA|72.76 0.88 20.85 0.75 48.20 1.20 61.80 0.66
            2|mistral-7b|167M|PiSSA, CKA|72.66 0.46 20.77 0.28 49.40 0.60 60.90 0.17
            2|gemma-7b|8540M|full fine-tuning|72.09 0.32 22.71 0.34 47.02 0.27 55.67 0.50
            2|gemma-7b|400M|LoRA|75.11 0.64 30.41 0.48 53.70 0.23 65.58 0.29
            2|gemma-7b|400M|PiSSA|77.78 0.32 31.33 0.33 54.31 0.28 66.17 0.43
            2|gemma-7b|200M|LoRA, CKA|74.58 0.38 28.59 0.38 51.56 2.33 62.07 1.94
            2|gemma-7b|200M|PiSSA, CKA|74.83 1.07 27.75 0.32 52.00 0.35 62.97 1.52
            3|llama-2-7b|159M|LoRA, CKA|47.28 0.44 6.45 0.06 21.77 0.97 37.67 0.40
            3|llama-2-7b|159M|LoRA, middle|45.33 0.87 6.62 0.21 23.80 1.59 35.80 0.66
            3|llama-2-7b|159M|PiSSA, CKA|54.79 0.92 8.83 0.13 25.63 2.80 40.50 1.14
            3|llama-2-7b|159M|PiSSA, middle|52.86 0.50 8.44 0.08 23.20 1.04 39.33 0.75
            3|mistral-7b|167M|LoRA, CKA|72.76 0.88 20.85 0.75 48.20 1.20 61.80 0.66
            3|mistral-7b|167M|LoRA, middle|71.95 0.53 20.69 0.55 40.63 2.89 62.23 0.29
            3|mistral-7b|167M|PiSSA, CKA|72.66 0.46 20.77 0.28 49.40 0.60 60.90 0.17
            3|mistral-7b|167M|PiSSA, middle|72.80 0.57 21.51 0.08 46.53 2.48 61.30 0.82
            3|gemma-7b|200M|LoRA, CKA|74.58 0.38 28.59 0.38 51.56 2.33 62.07 1.94
            3|gemma-7b|200M|LoRA, middle|76.72 0.53 29.03 0.22 50.20 1.25 64.80 0.50
            3|gemma-7b|200M|PiSSA, CKA|74.83 1.07 27.75 0.32 52.00 0.35 62.97 1.52
            3|gemma-7b|200M|PiSSA, middle|76.52 0.59 27.49 0.19 52.63 1.44 62.60 1.91
            """, PublishedDecoder::row);

    private static PublishedDecoder row(String[] cells) {
        List<Double> numbers = PublishedRows.numbers(cells[4]);
        return new PublishedDecoder(
                Integer.parseInt(cells[0]),
                cells[1],
                cells[2],
                cells[3],
                List.of(numbers.get(0), numbers.get(2), numbers.get(4), numbers.get(6)),
                List.of(numbers.get(1), numbers.get(3), numbers.get(5), numbers.get(7)));
    }

    static List<PublishedDecoder> all() {
        return ALL;
    }

    static Table table(int number) {
        List<PublishedDecoder> rows =
                ALL.stream().filter(row -> row.table == number).toList();
        Table table = Table.create(
                "Table " + number + " of arXiv 2602.05988, in hundredths",
                StringColumn.create("model", rows.stream().map(PublishedDecoder::model)),
                StringColumn.create("parameters", rows.stream().map(PublishedDecoder::parameters)),
                StringColumn.create("method", rows.stream().map(PublishedDecoder::method)));
        for (int t = 0; t < TASKS.size(); t++) {
            int task = t;
            table.addColumns(
                    DoubleColumn.create(TASKS.get(t), rows.stream().mapToDouble(row -> row.values.get(task))),
                    DoubleColumn.create(
                            TASKS.get(t) + " deviation", rows.stream().mapToDouble(row -> row.deviations.get(task))));
        }
        return table;
    }
}
