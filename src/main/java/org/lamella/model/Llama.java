// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * Llama (Touvron et al. 2023; Grattafiori et al. 2024) as Hugging Face's {@code LlamaModel} computes it; SmolLM is of this
 * family.
 */
final class Llama extends PreNormDecoder {

    private final boolean attention;
    private final boolean feedForward;

    Llama(Config config) {
        super(config, new Defaults("silu", 2048, 0));
        attention = config.flag("attention_bias", false);
        feedForward = config.flag("mlp_bias", false);
    }

    @Override
    public String type() {
        return "llama";
    }

    @Override
    public String className() {
        return "Llama";
    }

    @Override
    boolean biased(LinearModule module) {
        return module.name().startsWith("mlp.") ? feedForward : attention;
    }
}
