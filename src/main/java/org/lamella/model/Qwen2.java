// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * Qwen2 (Yang et al. 2024) as Hugging Face's {@code Qwen2Model} computes it: Llama with biases on queries, keys and
 * values, and, where config.json says so, a sliding window in the upper layers.
 */
final class Qwen2 extends PreNormDecoder {

    private final int window;
    private final LayerKinds kinds;

    Qwen2(Config config) {
        super(config, new Defaults("silu", 32_768, 0));
        boolean slides = config.flag("use_sliding_window", false) && !config.without("sliding_window");
        window = slides ? config.count("sliding_window", 4096) : Integer.MAX_VALUE;
        int first = config.atLeast("max_window_layers", 0, 28);
        kinds = LayerKinds.of(config, depth(), layer -> slides && layer >= first);
    }

    @Override
    public String type() {
        return "qwen2";
    }

    @Override
    public String className() {
        return "Qwen2";
    }

    @Override
    int window() {
        return window;
    }

    @Override
    boolean slides(int layer) {
        return kinds.slides(layer);
    }

    @Override
    boolean biased(LinearModule module) {
        return module.name().startsWith("self_attn.") && !module.name().endsWith("o_proj");
    }
}
