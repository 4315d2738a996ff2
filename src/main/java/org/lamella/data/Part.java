// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Examples as they were given or published together, before anything is held out.
 *
 * @param name {@code train}, {@code validation} or {@code test}
 * @param origin the hash of the content: parts of equal content count as the same part wherever they were read
 * @param examples the examples in the order of the source
 * @param notes what reading did to them, one sentence each
 */
record Part(String name, String origin, List<Example> examples, List<String> notes) {

    Part {
        examples = List.copyOf(examples);
        notes = List.copyOf(notes);
    }

    /** Returns a part without examples. */
    static Part empty(String name) {
        return new Part(name, Fingerprint.ofExamples(List.of(), List.of()), List.of(), List.of());
    }

    /** Returns the examples of several files of one part, one after another. */
    static Part joined(List<Part> parts, List<String> labels) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        List<Example> examples =
                parts.stream().flatMap(part -> part.examples().stream()).toList();
        List<String> notes =
                parts.stream().flatMap(part -> part.notes().stream()).toList();
        return new Part(parts.get(0).name(), Fingerprint.ofExamples(examples, labels), examples, notes);
    }

    /** Returns the same examples with one more note, the first. */
    Part noting(String sentence) {
        List<String> more = new ArrayList<>(List.of(sentence));
        more.addAll(notes);
        return new Part(name, origin, examples, more);
    }

    /** Returns the same examples with text around each prompt and answer; its origin stays, since it is the same data. */
    Part formatted(PromptFormat format) {
        return new Part(name, origin, examples.stream().map(format::around).toList(), notes);
    }

    /** Returns the same examples with the names of their labels as answers. */
    Part answered(List<String> labels) {
        List<Example> other = examples.stream()
                .map(e -> e.label() < 0
                        ? e
                        : Example.answered(e.texts().get(0), labels.get(e.label()))
                                .pictures(e.pictures()))
                .toList();
        return new Part(name, origin, other, notes);
    }

    /** Returns the same examples with their labels numbered in another order. */
    Part renumbered(List<String> from, List<String> to) {
        List<Example> other = examples.stream()
                .map(e -> e.label() < 0
                        ? e
                        : new Example(e.texts(), to.indexOf(from.get(e.label())), e.target(), e.pictures()))
                .toList();
        return new Part(name, origin, other, notes);
    }
}
