// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.base.FormatException;

/**
 * RoBERTa (Liu et al. 2019) as Hugging Face's {@code RobertaModel} and {@code RobertaForSequenceClassification} compute
 * it: BERT's layers, positions that count from one above the padding id, one token type, and a head of two matrices on
 * the first token without a pooler.
 */
final class Roberta extends PostNormEncoder {

    private static final String ENDS = """
            # Hugging Face numbers the tokens of a text that are not padding from PADDING + 1; a padding token written in
            # the text itself gets the position PADDING and is not counted
            def numbered(self, ids: Tensor, positions: Tensor) -> Tensor:
              real = torch.mul(torch.ones_like(ids), torch.ne(ids, PADDING))  # (N), 1 or 0
              count = torch.cumsum(real, 0)
              first = torch.sub(torch.sub(torch.cumsum(torch.ones_like(ids), 0), 1), positions)  # where each token's text begins
              before = torch.index_select(torch.sub(count, real), 0, first)
              return torch.add(torch.mul(torch.sub(count, before), real), PADDING)

            def embed(self, ids: Tensor, types: Tensor, positions: Tensor, w: List[Tensor], hidden: float) -> Tensor:
              e = torch.add(torch.embedding(w[0], ids), torch.embedding(w[1], types))  # (N, D)
              e1 = torch.add(e, torch.embedding(w[2], self.numbered(ids, positions)))
              return self.drop(torch.layer_norm(e1, [WIDTH], w[3], w[4], EPSILON), hidden)

            def logits(self, x: Tensor, w: List[Tensor], head: List[Tensor], before: float, after: float) -> Tensor:
              dense = torch.tanh(torch.linear(self.drop(x, before), head[0], head[1]))  # (B, D)
              return torch.linear(self.drop(dense, after), head[2], head[3])  # (B, labels)
            """;

    private final int positions;
    private final int padding;
    private final Dropout dropout;

    Roberta(Config config) {
        super(config, 1, 1e-12);
        positions = config.count("max_position_embeddings", 512);
        padding = config.atLeast("pad_token_id", 0, 1);
        if (positions < padding + 3) {
            throw new FormatException(
                    "config.json",
                    "max_position_embeddings must be at least pad_token_id + 3, " + (padding + 3) + "; got "
                            + positions);
        }
        double hidden = config.rate("hidden_dropout_prob", 0.1);
        double head = config.rate("classifier_dropout", hidden);
        dropout = new Dropout(hidden, config.rate("attention_probs_dropout_prob", 0.1), head, head);
        requireText(config, "position_embedding_type", "absolute");
    }

    @Override
    public String type() {
        return "roberta";
    }

    @Override
    public String className() {
        return "Roberta";
    }

    @Override
    public int limit() {
        return positions - padding - 1;
    }

    @Override
    String text() {
        return ENDS.replace("PADDING", String.valueOf(padding)) + "\n" + Bert.LAYER;
    }

    @Override
    public String prefix() {
        return "roberta.";
    }

    @Override
    public List<Weight> embedding() {
        return wordsTypesAndPositions(positions);
    }

    @Override
    public List<Weight> pooler() {
        return List.of();
    }

    @Override
    public List<Weight> head(int outputs) {
        return List.of(
                Weight.of("classifier.dense.weight", width(), width()),
                Weight.of("classifier.dense.bias", width()),
                Weight.of("classifier.out_proj.weight", outputs, width()),
                Weight.of("classifier.out_proj.bias", outputs));
    }

    @Override
    public Dropout dropout() {
        return dropout;
    }
}
