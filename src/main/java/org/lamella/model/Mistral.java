// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * Mistral (Jiang et al. 2023) as Hugging Face's {@code MistralModel} computes it: Llama whose tokens look at the last some
 * thousand tokens alone.
 */
final class Mistral extends PreNormDecoder {

    private final int window;

    Mistral(Config config) {
        super(config, new Defaults("silu", 4096 * 32, 0));
        window = config.without("sliding_window") ? Integer.MAX_VALUE : config.count("sliding_window", 4096);
    }

    @Override
    public String type() {
        return "mistral";
    }

    @Override
    public String className() {
        return "Mistral";
    }

    @Override
    int window() {
        return window;
    }

    @Override
    boolean slides(int layer) {
        return true;
    }

    @Override
    boolean biased(LinearModule module) {
        return false;
    }
}
