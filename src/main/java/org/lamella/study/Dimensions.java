// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.List;

/**
 * The shape of one of the paper's models as far as pairs depend on it, so that they can be counted without weights.
 *
 * @param model the model
 * @param depth how many layers
 * @param rank the paper's rank
 * @param sides inputs plus outputs of each adapted module of a layer
 */
record Dimensions(String model, int depth, int rank, List<Integer> sides) {

    private static final List<Dimensions> ALL = List.of(
            // query, value
            new Dimensions("roberta-base", 12, 8, List.of(768 + 768, 768 + 768)),
            // query, key, value, attention.output, intermediate, output
            new Dimensions(
                    "deberta-v3-base",
                    12,
                    8,
                    List.of(768 + 768, 768 + 768, 768 + 768, 768 + 768, 768 + 3072, 3072 + 768)),
            // q, k, v, o, gate, up, down
            new Dimensions(
                    "llama-2-7b", 32, 128, List.of(8192, 8192, 8192, 8192, 4096 + 11008, 4096 + 11008, 11008 + 4096)),
            new Dimensions(
                    "mistral-7b",
                    32,
                    128,
                    List.of(8192, 4096 + 1024, 4096 + 1024, 8192, 4096 + 14336, 4096 + 14336, 14336 + 4096)),
            new Dimensions(
                    "gemma-7b",
                    28,
                    128,
                    List.of(
                            3072 + 4096,
                            3072 + 4096,
                            3072 + 4096,
                            4096 + 3072,
                            3072 + 24576,
                            3072 + 24576,
                            24576 + 3072)),
            new Dimensions(
                    "llava-1.5-7b",
                    32,
                    128,
                    List.of(8192, 8192, 8192, 8192, 4096 + 11008, 4096 + 11008, 11008 + 4096)));

    static List<Dimensions> all() {
        return ALL;
    }

    static Dimensions of(String model) {
        GlueSettings.require("model", model, ALL.stream().map(Dimensions::model).toList());
        return ALL.stream().filter(each -> each.model.equals(model)).findFirst().orElseThrow();
    }

    /** Returns how many numbers the pairs of some layers have. */
    long parameters(int layers, int width) {
        return (long) layers
                * width
                * sides.stream().mapToInt(Integer::intValue).sum();
    }
}
