// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.model.Transformer;
import org.lamella.tensor.Tensor;

/**
 * The pairs of an adapter that lie in no layer.
 *
 * @param pairs in the order of the adapter's file
 * @param tables the weights that those before the layers make, by their full name in the model; empty before the adapter met
 *     its model
 * @param words the matrix of words that the one after the layers makes; empty before the adapter met its model
 */
record OuterPairs(List<OuterPair> pairs, Map<String, Tensor> tables, Optional<Tensor> words) {

    static final OuterPairs NONE = new OuterPairs(List.of(), Map.of(), Optional.empty());

    OuterPairs {
        pairs = List.copyOf(pairs);
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    }

    static OuterPairs of(List<OuterPair> pairs) {
        return new OuterPairs(pairs, Map.of(), Optional.empty());
    }

    boolean isEmpty() {
        return pairs.isEmpty();
    }

    /** Returns whether they have not met a model yet. */
    boolean unlaid() {
        return !isEmpty() && tables.isEmpty() && words.isEmpty();
    }

    /** Returns the one that lies after the layers. */
    Optional<OuterPair> after() {
        return pairs.stream().filter(OuterPair::after).findFirst();
    }

    /** Returns these pairs laid out for a model. */
    OuterPairs fittedTo(Transformer model) {
        Map<String, Tensor> frozen = model.frozen();
        Map<String, Tensor> laid = new LinkedHashMap<>();
        Optional<Tensor> matrix = Optional.empty();
        for (OuterPair pair : pairs) {
            if (pair.after()) {
                requireWords(pair, model);
                matrix = Optional.of(pair.over(model.words(), model));
            } else {
                String name = Whole.named(pair.path() + ".weight", frozen, model);
                Tensor table = frozen.get(name);
                if (table == null) {
                    throw new IllegalArgumentException("adapter must fit " + model.name() + ", which has no table \""
                            + pair.path() + "\"; got a pair on it");
                }
                laid.put(name, pair.over(table, model));
            }
        }
        return new OuterPairs(pairs, laid, matrix);
    }

    private static void requireWords(OuterPair pair, Transformer model) {
        if (!model.writes()) {
            throw new IllegalArgumentException("adapter must fit " + model.name()
                    + ", which has no matrix of words; got a pair on \"" + pair.path() + "\"");
        }
    }

    /**
     * Returns some of these pairs.
     *
     * @param before whether those before the layers stay
     * @param after whether the one after the layers stays
     */
    OuterPairs keeping(boolean before, boolean after) {
        List<OuterPair> kept = new ArrayList<>(pairs);
        kept.removeIf(pair -> pair.after() ? !after : !before);
        return new OuterPairs(kept, before ? tables : Map.of(), after ? words : Optional.empty());
    }

    long parameters() {
        return pairs.stream().mapToLong(pair -> pair.pair().parameters()).sum();
    }
}
