// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lamella.base.FormatException;

/**
 * DeBERTa-v2 and -v3 (He et al. 2021, 2023) as Hugging Face's {@code DebertaV2Model} and {@code
 * DebertaV2ForSequenceClassification} compute it: attention is the sum of content to content, content to position and
 * position to content; one table of relative positions, in logarithmic buckets, serves all layers through their own query
 * and key modules.
 *
 * <p>Only the rows of the table that a batch's longest text needs are projected: at 64 tokens 127 of 512.
 */
final class DebertaV2 extends PostNormEncoder {

    private static final String FILE = "config.json";
    private static final Set<String> BOTH = Set.of("c2p", "p2c");

    private static final String PLAIN = """
            def bucket(self, r: Tensor) -> Tensor:
              return r
            """;

    private static final String BUCKETS = """
            # distances up to MIDDLE stay, larger ones grow with their logarithm up to the SPAN-th bucket
            def bucket(self, r: Tensor) -> Tensor:
              near = torch.logical_and(torch.lt(r, MIDDLE), torch.gt(r, -MIDDLE))
              far = torch.where(near, torch.full_like(r, MIDDLE - 1), torch.abs(r))
              most = torch.log(torch.new_full(r, [], MOST, dtype=6))
              logs = torch.div(torch.log(torch.div(far, MIDDLE)), most)
              steps = torch.add(torch.ceil(torch.mul(logs, MIDDLE - 1)), MIDDLE)
              b = torch.where(torch.le(far, MIDDLE), torch.to(r, 6), torch.mul(steps, torch.sign(r)))
              return torch.to(b, 4)
            """;

    private static final String TEXT = """
            def embed(self, ids: Tensor, types: Tensor, positions: Tensor, w: List[Tensor], hidden: float) -> Tensor:
              e = torch.layer_norm(torch.embedding(w[0], ids), [WIDTH], w[1], w[2], EPSILON)  # (N, D)
              return self.drop(e, hidden)

            # the rows of the table that these columns need (M, D), and where in them stands the distance from query to
            # key, seen from the query (T queries, T keys) and from the key (T keys, T queries)
            def prepare(self, grid: Tensor, w: List[Tensor]) -> List[Tensor]:
              at = torch.sub(torch.cumsum(torch.new_ones(grid, [torch.size(grid, 1)], dtype=4), 0), 1)  # 0 1 2 ...
              r = self.bucket(torch.sub(torch.unsqueeze(at, 1), torch.unsqueeze(at, 0)))
              query = torch.clamp(torch.add(r, SPAN), 0, LAST)
              key = torch.clamp(torch.add(torch.neg(r), SPAN), 0, LAST)
              low = torch.minimum(torch.min(query), torch.min(key))
              high = torch.maximum(torch.max(query), torch.max(key))
              table = TABLE
              used = torch.slice(table, 0, int(low), int(high) + 1)
              return [used, torch.sub(query, low), torch.sub(key, low)]

            # rows: the tokens whose state the caller wants, all of them when it has no elements
            def layer(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, prepared: List[Tensor], w: List[Tensor], pairs: List[Tensor], hidden: float, attention: float, low: float) -> Tensor:
              B = torch.size(grid, 0)
              T = torch.size(grid, 1)
              root = torch.sqrt(torch.new_full(x, [], 3 * SIZE))
              table = self.drop(prepared[0], hidden)  # (M, D)
              M = torch.size(table, 0)
              pq = torch.permute(torch.view(self.adapted(table, w[0], w[1], pairs, 0, low), [M, HEADS, SIZE]), [1, 2, 0])
              pk = torch.permute(torch.view(self.adapted(table, w[2], w[3], pairs, 1, low), [M, HEADS, SIZE]), [1, 2, 0])
              k = self.spread(self.adapted(x, w[2], w[3], pairs, 1, low), cells, B, T)  # (B, H, T, K)
              v = self.spread(self.adapted(x, w[4], w[5], pairs, 2, low), cells, B, T)
              some = torch.numel(rows) > 0
              if some:
                x0 = torch.index_select(x, 0, rows)  # (B, D)
                q0 = self.adapted(x0, w[0], w[1], pairs, 0, low)
                q = torch.transpose(torch.view(q0, [B, 1, HEADS, SIZE]), 1, 2)  # (B, H, 1, K)
                column = torch.remainder(torch.index_select(cells, 0, rows), T)  # (B)
                query = torch.view(torch.index_select(prepared[1], 0, column), [B, 1, 1, T])
                key = torch.view(torch.t(torch.index_select(prepared[2], 1, column)), [B, 1, T, 1])
                Q = 1
              else:
                x0 = x
                q = self.spread(self.adapted(x, w[0], w[1], pairs, 0, low), cells, B, T)
                query = torch.view(prepared[1], [1, 1, T, T])
                key = torch.view(prepared[2], [1, 1, T, T])
                Q = T
              content = torch.matmul(q, torch.div(torch.transpose(k, 2, 3), root))  # (B, H, Q, T)
              # heads first, so that all examples share one product with the table: (H, B Q, K) (H, K, M)
              q1 = torch.reshape(torch.transpose(q, 0, 1), [HEADS, B * Q, SIZE])
              k1 = torch.reshape(torch.transpose(k, 0, 1), [HEADS, B * T, SIZE])
              c2p = torch.transpose(torch.view(torch.bmm(q1, pk), [HEADS, B, Q, M]), 0, 1)
              p2c = torch.transpose(torch.view(torch.bmm(k1, pq), [HEADS, B, T, M]), 0, 1)
              c2p1 = torch.div(torch.gather(c2p, 3, torch.expand(query, [B, HEADS, Q, T])), root)
              p2c1 = torch.div(torch.transpose(torch.gather(p2c, 3, torch.expand(key, [B, HEADS, T, Q])), 2, 3), root)
              s = torch.add(content, torch.add(c2p1, p2c1))
              if torch.size(x, 0) == B * T:
                s1 = s
              else:
                s1 = torch.masked_fill(s, torch.view(torch.logical_not(grid), [B, 1, 1, T]), LEAST)
              a = self.drop(torch.softmax(s1, 3), attention)
              return self.rest(self.gathered(torch.matmul(a, v), cells, x0), x0, w, pairs, hidden, low)

            def logits(self, x: Tensor, w: List[Tensor], head: List[Tensor], before: float, after: float) -> Tensor:
              pooled = POOLING(torch.linear(self.drop(x, before), w[0], w[1])CHOICES)  # (B, D)
              return torch.linear(self.drop(pooled, after), head[0], head[1])  # (B, labels)
            """;

    private final int limit;
    private final int span;
    private final int most;
    private final boolean buckets;
    private final boolean normed;
    private final Activation pooling;
    private final Dropout dropout;

    DebertaV2(Config config) {
        super(config, 0, 1e-7);
        limit = config.count("max_position_embeddings", 512);
        int named = config.whole("max_relative_positions", -1);
        most = named < 1 ? limit : named;
        int grouped = config.whole("position_buckets", -1);
        buckets = grouped > 0;
        span = buckets ? grouped : most;
        normed = config.text("norm_rel_ebd", "none").toLowerCase(Locale.ROOT).contains("layer_norm");
        pooling = Activation.named("pooler_hidden_act", config.text("pooler_hidden_act", "gelu"));
        double hidden = config.rate("hidden_dropout_prob", 0.1);
        dropout = new Dropout(
                hidden,
                config.rate("attention_probs_dropout_prob", 0.1),
                config.rate("pooler_dropout", 0),
                config.rate("cls_dropout", hidden));
        requireThisForm(config);
    }

    // what no published DeBERTa-v3 has; of v2 the xlarge models have a convolution
    private void requireThisForm(Config config) {
        require(config.flag("relative_attention", false), "relative_attention", "true");
        require(config.flag("share_att_key", false), "share_att_key", "true");
        require(!config.flag("position_biased_input", true), "position_biased_input", "false");
        require(Set.copyOf(config.texts("pos_att_type")).equals(BOTH), "pos_att_type", "c2p and p2c");
        require(types() == 0, "type_vocab_size", "0");
        require(config.whole("conv_kernel_size", 0) == 0, "conv_kernel_size", "0");
        require(config.whole("embedding_size", width()) == width(), "embedding_size", "hidden_size");
        require(config.whole("pooler_hidden_size", width()) == width(), "pooler_hidden_size", "hidden_size");
        require(
                !buckets || (span > 3 && most > span / 2 + 1),
                "position_buckets",
                "at least 4 and below 2 max_relative_positions");
    }

    private static void require(boolean holds, String field, String rule) {
        if (!holds) {
            throw new FormatException(FILE, field + " must be " + rule + ", the form of DeBERTa-v2 and -v3 known here");
        }
    }

    @Override
    public String type() {
        return "deberta-v2";
    }

    @Override
    public String className() {
        return "DebertaV2";
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    String text() {
        int middle = span / 2;
        String table = normed ? "torch.layer_norm(w[0], [WIDTH], w[1], w[2], EPSILON)" : "w[0]";
        return ((buckets ? BUCKETS : PLAIN) + "\n" + TEXT)
                .replace("TABLE", table)
                .replace("MIDDLE - 1", String.valueOf(middle - 1))
                .replace("MIDDLE", String.valueOf(middle))
                .replace("MOST", Double.toString((most - 1) / (double) Math.max(1, middle)))
                .replace("SPAN", String.valueOf(span))
                .replace("LAST", String.valueOf(2 * span - 1))
                .replace("LEAST", Double.toString(-Float.MAX_VALUE))
                .replace("POOLING", pooling.function())
                .replace("CHOICES", pooling.options());
    }

    @Override
    List<String> attention() {
        return List.of("attention.self.query_proj", "attention.self.key_proj", "attention.self.value_proj");
    }

    @Override
    public String prefix() {
        return "deberta.";
    }

    @Override
    public List<Weight> embedding() {
        return List.of(
                Weight.of("embeddings.word_embeddings.weight", vocabulary(), width()),
                Weight.of("embeddings.LayerNorm.weight", width()),
                Weight.of("embeddings.LayerNorm.bias", width()));
    }

    @Override
    public List<Weight> shared() {
        List<Weight> shared = new ArrayList<>();
        shared.add(Weight.of("encoder.rel_embeddings.weight", 2L * span, width()));
        if (normed) {
            shared.add(Weight.of("encoder.LayerNorm.weight", width()));
            shared.add(Weight.of("encoder.LayerNorm.bias", width()));
        }
        return List.copyOf(shared);
    }

    // as prepare counts them: from the bucket of the longest distance before to that after
    @Override
    long positionRows(int columns) {
        long farthest = bucket(columns - 1);
        return Math.min(2L * span - 1, span + farthest) - Math.max(0, span - farthest) + 1;
    }

    private long bucket(int distance) {
        int middle = span / 2;
        if (!buckets || distance <= middle) {
            return distance;
        }
        double least = Math.log((double) distance / middle) / Math.log((most - 1) / (double) middle);
        return (long) Math.ceil((float) least * (middle - 1)) + middle;
    }

    @Override
    public List<Weight> pooler() {
        return List.of(Weight.of("pooler.dense.weight", width(), width()), Weight.of("pooler.dense.bias", width()));
    }

    @Override
    public Dropout dropout() {
        return dropout;
    }
}
