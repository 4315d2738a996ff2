// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.lamella.base.FormatException;

/**
 * Which layers of a decoder look at a sliding window alone.
 *
 * @param sliding one a layer
 */
record LayerKinds(List<Boolean> sliding) {

    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    /** Returns the kinds that {@code layer_types} of config.json lists, else those that the family has. */
    static LayerKinds of(Config config, int depth, IntPredicate otherwise) {
        if (!config.has("layer_types")) {
            return new LayerKinds(
                    IntStream.range(0, depth).mapToObj(otherwise::test).toList());
        }
        List<String> named = config.texts("layer_types");
        if (named.size() != depth || !named.stream().allMatch(kind -> kind.equals(SLIDING) || kind.equals(FULL))) {
            throw new FormatException(
                    "config.json",
                    "layer_types must name " + SLIDING + " or " + FULL + " for each of " + depth + " layers; got "
                            + named);
        }
        return new LayerKinds(named.stream().map(SLIDING::equals).toList());
    }

    boolean slides(int layer) {
        return sliding.get(layer);
    }
}
