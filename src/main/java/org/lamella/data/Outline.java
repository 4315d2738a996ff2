// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;

/**
 * What a task is, apart from its examples.
 *
 * @param name what a person calls it
 * @param columns where text and truth stand in files and tables
 * @param labels the labels in the order in which models number them
 * @param metrics the names of the metrics in the order of a report
 * @param lengths the model whose tokenizer counts lengths; empty for none
 * @param recipe the code that makes the task
 */
record Outline(String name, Columns columns, List<String> labels, List<String> metrics, String lengths, String recipe) {

    Outline {
        labels = List.copyOf(labels);
        metrics = List.copyOf(metrics);
    }

    Outline named(String other) {
        return new Outline(other, columns, labels, metrics, lengths, recipe);
    }

    Outline labels(List<String> other) {
        return new Outline(name, columns, other, metrics, lengths, recipe);
    }

    Outline metrics(List<String> other) {
        return new Outline(name, columns, labels, other, lengths, recipe);
    }

    Outline then(String code) {
        return new Outline(name, columns, labels, metrics, lengths, recipe + code);
    }
}
