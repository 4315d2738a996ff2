// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;

/**
 * Gemma 2 (Gemma Team 2024) as Hugging Face's {@code Gemma2Model} computes it with {@code eager} attention, the one that
 * caps scores as the paper does: a norm after each part too, capped scores and logits, every other layer with a sliding
 * window.
 */
final class Gemma2 extends Gemma {

    private static final String ATTENDED = """
            def attended(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, rate: float) -> Tensor:
              scores = torch.mul(torch.matmul(q, torch.transpose(k, 2, 3)), SCALE)  # (B, H, T, T)
              seen = torch.masked_fill(CAPPED_SCORES, torch.logical_not(mask), -inf)
              p = self.drop(torch.type_as(torch.softmax(seen, -1, 6), q), rate)
              return torch.matmul(p, v)
            """;

    private static final String REST = """
            # the rest of a layer after attention: c what attention read, x0 what came in
            def rest(self, c: Tensor, x0: Tensor, w: List[Tensor], pairs: List[Tensor], low: float) -> Tensor:
              a = self.adapted(c, WEIGHT[o_proj], BIAS[o_proj], pairs, 3, low)
              x1 = torch.add(x0, self.norm(a, WEIGHT[post_attention_layernorm]))
              m = self.fed(self.norm(x1, WEIGHT[pre_feedforward_layernorm]), w, pairs, low)
              return torch.add(x1, self.norm(m, WEIGHT[post_feedforward_layernorm]))
            """;

    private final int window;
    private final LayerKinds kinds;
    private final double scale;
    private final double scoreCap;
    private final double logitCap;

    Gemma2(Config config) {
        super(config);
        window = config.count("sliding_window", 4096);
        kinds = LayerKinds.of(config, depth(), layer -> layer % 2 == 0);
        scale = Math.pow(config.number("query_pre_attn_scalar", 256), -0.5);
        scoreCap = config.without("attn_logit_softcapping") ? 0 : config.number("attn_logit_softcapping", 50);
        logitCap = config.without("final_logit_softcapping") ? 0 : config.number("final_logit_softcapping", 30);
    }

    @Override
    public String type() {
        return "gemma2";
    }

    @Override
    public String className() {
        return "Gemma2";
    }

    @Override
    String attended() {
        return ATTENDED.replace("CAPPED_SCORES", capped("scores", scoreCap));
    }

    @Override
    boolean masked() {
        return true;
    }

    @Override
    String rest() {
        return REST;
    }

    @Override
    String capped(String z) {
        return capped(z, logitCap);
    }

    @Override
    String slope(String s, String z) {
        return logitCap == 0
                ? s
                : "torch.mul(" + s + ", torch.rsub(torch.pow(torch.div(" + z + ", " + logitCap + "), 2), 1))";
    }

    private static String capped(String z, double cap) {
        return cap == 0 ? z : "torch.mul(torch.tanh(torch.div(" + z + ", " + cap + ")), " + cap + ")";
    }

    @Override
    double scale() {
        return scale;
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
    List<String> norms() {
        return List.of(
                "input_layernorm",
                "post_attention_layernorm",
                "pre_feedforward_layernorm",
                "post_feedforward_layernorm");
    }
}
