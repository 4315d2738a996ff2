// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;

/**
 * BERT (Devlin et al. 2019) as Hugging Face's {@code BertModel} and {@code BertForSequenceClassification} compute it:
 * learned positions, post-norm layers, a tanh pooler on the first token.
 */
final class Bert extends PostNormEncoder {

    /** Scaled dot-product attention between all tokens of an example: the layer of BERT and of RoBERTa. */
    static final String LAYER = """
            # rows: the tokens whose state the caller wants, all of them when it has no elements
            def layer(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, prepared: List[Tensor], w: List[Tensor], pairs: List[Tensor], hidden: float, attention: float, low: float) -> Tensor:
              B = torch.size(grid, 0)
              T = torch.size(grid, 1)
              some = torch.numel(rows) > 0
              if some:
                x0 = torch.index_select(x, 0, rows)  # (B, D)
                q0 = self.adapted(x0, w[0], w[1], pairs, 0, low)
                q = torch.transpose(torch.view(q0, [B, 1, HEADS, SIZE]), 1, 2)  # (B, H, 1, K)
              else:
                x0 = x
                q = self.spread(self.adapted(x, w[0], w[1], pairs, 0, low), cells, B, T)
              k = self.spread(self.adapted(x, w[2], w[3], pairs, 1, low), cells, B, T)
              v = self.spread(self.adapted(x, w[4], w[5], pairs, 2, low), cells, B, T)
              if torch.size(x, 0) == B * T:
                c = torch.scaled_dot_product_attention(q, k, v, None, attention)
              else:
                c = torch.scaled_dot_product_attention(q, k, v, torch.view(grid, [B, 1, 1, T]), attention)
              return self.rest(self.gathered(c, cells, x0), x0, w, pairs, hidden, low)
            """;

    private static final String ENDS = """
            def embed(self, ids: Tensor, types: Tensor, positions: Tensor, w: List[Tensor], hidden: float) -> Tensor:
              e = torch.add(torch.embedding(w[0], ids), torch.embedding(w[1], types))  # (N, D)
              e1 = torch.add(e, torch.embedding(w[2], positions))
              return self.drop(torch.layer_norm(e1, [WIDTH], w[3], w[4], EPSILON), hidden)

            def logits(self, x: Tensor, w: List[Tensor], head: List[Tensor], before: float, after: float) -> Tensor:
              pooled = torch.tanh(torch.linear(self.drop(x, before), w[0], w[1]))  # (B, D)
              return torch.linear(self.drop(pooled, after), head[0], head[1])  # (B, labels)
            """;

    private final int positions;
    private final Dropout dropout;

    Bert(Config config) {
        super(config, 2, 1e-12);
        positions = config.count("max_position_embeddings", 512);
        double hidden = config.rate("hidden_dropout_prob", 0.1);
        dropout = new Dropout(
                hidden, config.rate("attention_probs_dropout_prob", 0.1), 0, config.rate("classifier_dropout", hidden));
        requireText(config, "position_embedding_type", "absolute");
    }

    @Override
    public String type() {
        return "bert";
    }

    @Override
    public String className() {
        return "Bert";
    }

    @Override
    public int limit() {
        return positions;
    }

    @Override
    String text() {
        return ENDS + "\n" + LAYER;
    }

    @Override
    public String prefix() {
        return "bert.";
    }

    @Override
    public List<Weight> embedding() {
        return wordsTypesAndPositions(positions);
    }

    @Override
    public List<Weight> pooler() {
        return List.of(
                Weight.of("bert.pooler.dense.weight", width(), width()), Weight.of("bert.pooler.dense.bias", width()));
    }

    @Override
    public Dropout dropout() {
        return dropout;
    }
}
