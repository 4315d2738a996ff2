// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import org.lamella.base.FormatException;

/**
 * BERT (Devlin et al. 2019) as Hugging Face's {@code BertModel} and {@code BertForSequenceClassification} compute it:
 * learned positions, post-norm layers, a tanh pooler on the first token.
 *
 * <p>The text below is the specification. Its order of operations is Hugging Face's, so that without padding the states
 * are the same bits; with padding the linear, norm and activation work runs on real tokens only (the rows of {@code x})
 * and attention alone sees the padded grid.
 */
final class Bert implements Architecture {

    // B examples, T columns, N real tokens, D WIDTH, H HEADS, K SIZE (of a head), F inner width
    private static final String SCRIPT = """
            def embed(self, ids: Tensor, types: Tensor, positions: Tensor, w: List[Tensor], hidden: float) -> Tensor:
              e = torch.add(torch.embedding(w[0], ids), torch.embedding(w[1], types))  # (N, D)
              e1 = torch.add(e, torch.embedding(w[2], positions))
              return self.drop(torch.layer_norm(e1, [WIDTH], w[3], w[4], EPSILON), hidden)

            # one attention head after another on the padded grid: (N, D) -> (B, H, T, K)
            def spread(self, x: Tensor, cells: Tensor, B: int, T: int) -> Tensor:
              if torch.size(x, 0) == B * T:
                full = x
              else:
                full = torch.index_copy_(torch.new_zeros(x, [B * T, WIDTH]), 0, cells, x)
              return torch.transpose(torch.view(full, [B, T, HEADS, SIZE]), 1, 2)

            # rows: the tokens whose state the caller wants, all of them when it has no elements
            def layer(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, w: List[Tensor], pairs: List[Tensor], hidden: float, attention: float, low: float) -> Tensor:
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
              c1 = torch.reshape(torch.transpose(c, 1, 2), [-1, WIDTH])
              if torch.size(c1, 0) == torch.size(x0, 0):
                c2 = c1
              else:
                c2 = torch.index_select(c1, 0, cells)
              a = self.drop(self.adapted(c2, w[6], w[7], pairs, 3, low), hidden)
              x1 = torch.layer_norm(torch.add(a, x0), [WIDTH], w[8], w[9], EPSILON)
              h = ACTIVATION(self.adapted(x1, w[10], w[11], pairs, 4, low)OPTIONS)  # (N, F)
              o = self.drop(self.adapted(h, w[12], w[13], pairs, 5, low), hidden)
              return torch.layer_norm(torch.add(o, x1), [WIDTH], w[14], w[15], EPSILON)

            def logits(self, x: Tensor, w: List[Tensor], head: List[Tensor], rate: float) -> Tensor:
              pooled = torch.tanh(torch.linear(x, w[0], w[1]))  # (B, D)
              return torch.linear(self.drop(pooled, rate), head[0], head[1])  # (B, labels)
            """;

    private final int depth;
    private final int width;
    private final int heads;
    private final int inner;
    private final int vocabulary;
    private final int types;
    private final int limit;
    private final double epsilon;
    private final double initializerRange;
    private final Activation activation;
    private final double[] dropout;

    Bert(Config config) {
        depth = config.count("num_hidden_layers");
        width = config.count("hidden_size");
        heads = config.count("num_attention_heads");
        inner = config.count("intermediate_size");
        vocabulary = config.count("vocab_size");
        types = config.count("type_vocab_size", 2);
        limit = config.count("max_position_embeddings", 512);
        epsilon = config.number("layer_norm_eps", 1e-12);
        initializerRange = config.number("initializer_range", 0.02);
        activation = Activation.named(config.text("hidden_act", "gelu"));
        double hidden = config.rate("hidden_dropout_prob", 0.1);
        dropout = new double[] {
            hidden, config.rate("attention_probs_dropout_prob", 0.1), config.rate("classifier_dropout", hidden)
        };
        if (width % heads != 0) {
            throw new FormatException(
                    "config.json",
                    "hidden_size must be a multiple of num_attention_heads, " + heads + "; got " + width);
        }
        String positions = config.text("position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw new FormatException(
                    "config.json", "position_embedding_type must be \"absolute\"; got \"" + positions + "\"");
        }
    }

    @Override
    public String type() {
        return "bert";
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int types() {
        return types;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public double initializerRange() {
        return initializerRange;
    }

    @Override
    public String script() {
        return SCRIPT.replace("WIDTH", String.valueOf(width))
                .replace("HEADS", String.valueOf(heads))
                .replace("SIZE", String.valueOf(width / heads))
                .replace("EPSILON", Double.toString(epsilon))
                .replace("ACTIVATION", activation.function())
                .replace("OPTIONS", activation.options());
    }

    @Override
    public String prefix() {
        return "bert.";
    }

    @Override
    public List<Weight> embedding() {
        return List.of(
                Weight.of("embeddings.word_embeddings.weight", vocabulary, width),
                Weight.of("embeddings.token_type_embeddings.weight", types, width),
                Weight.of("embeddings.position_embeddings.weight", limit, width),
                Weight.of("embeddings.LayerNorm.weight", width),
                Weight.of("embeddings.LayerNorm.bias", width));
    }

    @Override
    public String path(int layer) {
        return "encoder.layer." + layer;
    }

    @Override
    public List<Weight> layer() {
        return List.of(
                Weight.of("attention.self.query.weight", width, width),
                Weight.of("attention.self.query.bias", width),
                Weight.of("attention.self.key.weight", width, width),
                Weight.of("attention.self.key.bias", width),
                Weight.of("attention.self.value.weight", width, width),
                Weight.of("attention.self.value.bias", width),
                Weight.of("attention.output.dense.weight", width, width),
                Weight.of("attention.output.dense.bias", width),
                Weight.of("attention.output.LayerNorm.weight", width),
                Weight.of("attention.output.LayerNorm.bias", width),
                Weight.of("intermediate.dense.weight", inner, width),
                Weight.of("intermediate.dense.bias", inner),
                Weight.of("output.dense.weight", width, inner),
                Weight.of("output.dense.bias", width),
                Weight.of("output.LayerNorm.weight", width),
                Weight.of("output.LayerNorm.bias", width));
    }

    @Override
    public List<LinearModule> linears() {
        return List.of(
                new LinearModule("attention.self.query", width, width),
                new LinearModule("attention.self.key", width, width),
                new LinearModule("attention.self.value", width, width),
                new LinearModule("attention.output.dense", width, width),
                new LinearModule("intermediate.dense", width, inner),
                new LinearModule("output.dense", inner, width));
    }

    @Override
    public List<String> defaultTargets() {
        return List.of("query", "value");
    }

    @Override
    public List<Weight> pooler() {
        return List.of(Weight.of("pooler.dense.weight", width, width), Weight.of("pooler.dense.bias", width));
    }

    @Override
    public List<Weight> head(int outputs) {
        return List.of(Weight.of("classifier.weight", outputs, width), Weight.of("classifier.bias", outputs));
    }

    @Override
    public Position headPosition() {
        return Position.CLS;
    }

    @Override
    public double[] dropout() {
        return dropout.clone();
    }
}
