// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.List;

/**
 * Examples as they were given or published together, before anything is held out.
 *
 * @param name {@code train}, {@code validation} or {@code test}
 * @param origin the hash of the content: parts of equal content count as the same part wherever they were read
 * @param examples the examples in the order of the source
 * @param emptyTexts how many rows were dropped because a text was empty
 */
record Part(String name, String origin, List<Example> examples, int emptyTexts) {

    Part {
        examples = List.copyOf(examples);
    }

    /** Returns the same examples with their labels numbered in another order. */
    Part renumbered(List<String> from, List<String> to) {
        List<Example> other = examples.stream()
                .map(e -> e.label() < 0 ? e : new Example(e.texts(), to.indexOf(from.get(e.label())), e.target()))
                .toList();
        return new Part(name, origin, other, emptyTexts);
    }
}
