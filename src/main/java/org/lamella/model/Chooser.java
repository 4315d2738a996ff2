// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamella.base.Names;
import org.lamella.tensor.Tensor;

/**
 * How a model that writes chooses among labels: by the token that each begins with.
 *
 * @param labels in order
 * @param before what stands between prompt and label
 * @param first the token that each label begins with
 */
record Chooser(List<String> labels, String before, List<Long> first) {

    // what stands before an answer, so that a label is cut into tokens as it would be there
    private static final String PROMPT = "Answer:";

    static Chooser of(Transformer model, List<String> labels, String before) {
        if (labels.size() < 2) {
            throw new IllegalArgumentException("labels must be at least two; got " + labels);
        }
        Tokenizer tokenizer = model.weights().tokenizer();
        int start = tokenizer.encodeBare(PROMPT, List.of()).length();
        List<Long> first = new ArrayList<>();
        Map<Long, String> taken = new HashMap<>();
        for (String label : labels) {
            Tokens whole = tokenizer.encodeBare(PROMPT + before + label, List.of());
            if (whole.length() <= start) {
                throw new IllegalArgumentException(
                        "label must be a token of its own after a prompt; got \"" + label + "\"");
            }
            long token = whole.id(start);
            String other = taken.put(token, label);
            if (other != null) {
                throw new IllegalArgumentException("labels must begin with different tokens; got \"" + other
                        + "\" and \"" + label + "\", which both begin with \"" + tokenizer.text(token) + "\"");
            }
            first.add(token);
        }
        return new Chooser(List.copyOf(labels), before, List.copyOf(first));
    }

    /** Returns the head that reads their logits by a matrix of words, after the last norm. */
    Head head(Weights weights, Tensor matrix) {
        String name = weights.architecture().head(labels.size()).get(0).name();
        return Head.of(labels, Map.of(name, weights.words(first, matrix)));
    }

    String recipe() {
        return ".choosing(List.of(" + labels.stream().map(Names::quoted).collect(Collectors.joining(", ")) + "), "
                + Names.quoted(before) + ")";
    }
}
