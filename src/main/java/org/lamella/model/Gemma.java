// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/**
 * Gemma (Gemma Team 2024) as Hugging Face's {@code GemmaModel} computes it: Llama whose embeddings are multiplied by the
 * root of the width, whose norms multiply by one more than their weight, with GELU instead of SiLU and tied embeddings.
 */
class Gemma extends PreNormDecoder {

    private static final String NORM = """
            # every token's state over its root mean square, times one more than the weight, in single precision
            def norm(self, x: Tensor, weight: Tensor) -> Tensor:
              x1 = torch.to(x, 6)
              y = torch.mul(x1, torch.rsqrt(torch.add(torch.mean(torch.pow(x1, 2), [-1], True), EPSILON)))
              return torch.type_as(torch.mul(y, torch.add(torch.to(weight, 6), 1.0)), x)
            """;

    private final boolean biased;

    Gemma(Config config) {
        super(config, new Defaults("gelu_pytorch_tanh", 8192, 256));
        biased = config.flag("attention_bias", false);
    }

    @Override
    public String type() {
        return "gemma";
    }

    @Override
    public String className() {
        return "Gemma";
    }

    @Override
    final String norm() {
        return NORM;
    }

    // the root is rounded to the precision of the states, as there
    @Override
    public final String entering(String x) {
        return "torch.mul(" + x + ", torch.new_full(" + x + ", [], " + Math.sqrt(width()) + "))";
    }

    @Override
    final boolean tied() {
        return config().flag("tie_word_embeddings", true);
    }

    @Override
    final boolean biased(LinearModule module) {
        return biased && module.name().startsWith("self_attn.");
    }
}
