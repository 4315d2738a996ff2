// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.lamella.tensor.DType;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * Some texts that a decoder continues together: the keys and values of all tokens so far, kept in memory that is laid out
 * once, so that each new token costs one pass of one token.
 *
 * <p>A token's key stands at the place of its own position, whatever the lengths of the texts beside it. A text is
 * therefore continued as it would be alone, up to rounding.
 */
final class Continuing implements AutoCloseable {

    // B texts, S places in use, L places there are, H HEADS, G GROUPS, K SIZE, V words; a layer's keys and values are
    // (B, G, L, K)
    static final String SCRIPT = """
            # a layer over whole prompts, whose keys and values are kept
            def kept(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, prepared: List[Tensor], keys: Tensor, values: Tensor, sliding: int, w: List[Tensor], pairs: List[Tensor]) -> Tensor:
              q, k, v, = self.asked(x, grid, cells, prepared, w, pairs, 0.0)
              T = torch.size(grid, 1)
              k0 = torch.copy_(torch.slice(keys, 2, 0, T), k)
              v0 = torch.copy_(torch.slice(values, 2, 0, T), v)
              return self.heard(q, k, v, x, cells, rows, prepared[2 + sliding], w, pairs, 0.0, 0.0)

            # a layer over one new token of each text, x (B, D), that stands at place at (B); the heads of a group ask
            # together
            def stepped(self, x: Tensor, at: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, keys: Tensor, values: Tensor, w: List[Tensor], pairs: List[Tensor]) -> Tensor:
              B = torch.size(x, 0)
              S = torch.size(mask, 3)
              h = self.norm(x, WEIGHT[input_layernorm])
              q = torch.view(self.adapted(h, WEIGHT[q_proj], BIAS[q_proj], pairs, 0, 0.0), [B, HEADS, 1, SIZE])
              k = torch.view(self.adapted(h, WEIGHT[k_proj], BIAS[k_proj], pairs, 1, 0.0), [B, GROUPS, 1, SIZE])
              v = torch.view(self.adapted(h, WEIGHT[v_proj], BIAS[v_proj], pairs, 2, 0.0), [B, GROUPS, SIZE])
              text = torch.sub(torch.cumsum(torch.ones_like(at), 0), 1)
              place = annotate(List[Optional[Tensor]], [text, at])
              k0 = torch.index_put_(torch.transpose(keys, 1, 2), place, torch.squeeze(self.turned(k, cos, sin), 2))
              v0 = torch.index_put_(torch.transpose(values, 1, 2), place, v)
              q1 = torch.reshape(self.turned(q, cos, sin), [B, GROUPS, HEADS // GROUPS, SIZE])
              c = self.attended(q1, torch.slice(keys, 2, 0, S), torch.slice(values, 2, 0, S), mask, 0.0)
              return self.rest(torch.reshape(c, [B, HEADS * SIZE]), x, w, pairs, 0.0)

            # the logits of what comes after one new token of each text, ids (B) at places at (B): (B, V); places are those in
            # use, (S)
            def written(self, ids: Tensor, at: Tensor, places: Tensor, S: int, turns: List[Tensor], keys: List[Tensor], values: List[Tensor], embedding: List[Tensor], w: List[Tensor], pairs: List[Tensor], last: List[Tensor]) -> Tensor:
              x = self.embed(ids, ids, at, embedding, 0.0)
              cos = torch.view(torch.index_select(turns[0], 0, at), [-1, 1, 1, SIZE])
              sin = torch.view(torch.index_select(turns[1], 0, at), [-1, 1, 1, SIZE])
              here = torch.unsqueeze(at, 1)
              place = torch.unsqueeze(torch.slice(places, 0, 0, S), 0)
              full = torch.le(place, here)
              sliding = torch.logical_and(full, torch.gt(place, torch.sub(here, WINDOW)))
              masks = [torch.view(full, [-1, 1, 1, S]), torch.view(sliding, [-1, 1, 1, S])]
              kinds = KINDS
              for i in range(DEPTH):
                own = torch.slice(w, i * EACH, (i + 1) * EACH)
                over = torch.slice(pairs, i * 7 * ADAPTABLE, (i + 1) * 7 * ADAPTABLE)
                x = self.stepped(x, at, cos, sin, masks[kinds[i]], keys[i], values[i], own, over)
              return self.next(x, last)
            """;

    private final Weights weights;
    private final Scope scope = Scope.open();
    private final List<Tensor> embedding;
    private final List<Tensor> language;
    private final List<List<Tensor>> layers;
    private final List<Tensor> own;
    private final List<Tensor> pairs;
    private final Optional<? extends Overlay> overlay;
    private final List<Tensor> turns;
    private final Tensor places;
    private List<Tensor> keys;
    private List<Tensor> values;
    private int[] lengths = {};

    /**
     * Lays out the memory.
     *
     * @param texts how many
     * @param most the tokens of the longest, continuation included
     */
    Continuing(Transformer model, int texts, int most) {
        weights = model.weights();
        overlay = model.overlay();
        Architecture architecture = weights.architecture();
        Architecture.Continued shape = architecture.continued();
        keys = memory(texts, shape, most);
        values = memory(texts, shape, most);
        Map<String, Tensor> replaced = overlay.map(Overlay::replaced).orElse(Map.of());
        embedding = weights.embedding(replaced);
        language = Pass.still(weights, overlay).language();
        layers = layers().mapToObj(layer -> weights.layer(layer, weights.layer(layer), replaced))
                .toList();
        own = layers.stream().flatMap(List::stream).toList();
        Tensor nothing = scope.floats(new float[0], 0);
        pairs = overlay.isEmpty()
                ? List.of()
                : layers().boxed()
                        .flatMap(layer -> pairs(layer, nothing).stream())
                        .toList();
        places = scope.longs(LongStream.range(0, most).toArray(), most);
        try (GradMode off = GradMode.disabled()) {
            turns = weights.script()
                    .call("turns")
                    .with(scope.zeros(DType.F32, 1, most))
                    .many(scope);
        }
    }

    private IntStream layers() {
        return IntStream.range(0, weights.architecture().depth());
    }

    private List<Tensor> memory(int texts, Architecture.Continued shape, int most) {
        DType dtype = weights.embedding().get(0).dtype();
        return layers().mapToObj(layer -> scope.zeros(dtype, texts, shape.groups(), most, shape.size()))
                .toList();
    }

    private List<Tensor> pairs(int layer, Tensor nothing) {
        List<Tensor> some = overlay.map(over -> over.pairs(layer)).orElse(List.of());
        return some.isEmpty()
                ? Collections.nCopies(7 * weights.architecture().linears().size(), nothing)
                : some;
    }

    /** Reads the prompts and returns the logits of what comes after each, (B, V). */
    Tensor read(List<Tokens> prompts, Scope owner) {
        lengths = prompts.stream().mapToInt(Tokens::length).toArray();
        Pass pass = Pass.still(weights, overlay);
        try (GradMode off = GradMode.disabled();
                Scope step = Scope.open()) {
            Batch batch = Batch.of(IntStream.range(0, prompts.size()).toArray(), prompts, step);
            Tensor state = pass.embed(batch, overlay, step);
            int depth = weights.architecture().depth();
            for (int layer = 0; layer < depth; layer++) {
                Tensor before = state;
                Tensor rows = layer == depth - 1 ? batch.rows(Position.LAST) : batch.every();
                state = kept(pass, layer, before, batch, rows, step);
                before.close();
            }
            return pass.next(state, owner);
        }
    }

    private Tensor kept(Pass pass, int layer, Tensor state, Batch batch, Tensor rows, Scope step) {
        return weights.script()
                .call("kept")
                .with(state)
                .with(batch.grid())
                .with(batch.cells())
                .with(rows)
                .with(pass.prepared(batch))
                .with(keys.get(layer))
                .with(values.get(layer))
                .with(weights.architecture().function(layer).equals("sliding") ? 1L : 0L)
                .with(layers.get(layer))
                .with(overlay.map(over -> over.pairs(layer)).orElse(List.of()))
                .one(step);
    }

    /** Adds a token to each text and returns the logits of what comes after it, (B, V). One native call. */
    Tensor add(long[] tokens, Scope owner) {
        long[] at = IntStream.of(lengths).asLongStream().toArray();
        int used = IntStream.of(lengths).max().orElseThrow() + 1;
        lengths = IntStream.of(lengths).map(length -> length + 1).toArray();
        try (GradMode off = GradMode.disabled();
                Scope step = Scope.open()) {
            return weights.script()
                    .call("written")
                    .with(step.longs(tokens, tokens.length))
                    .with(step.longs(at, at.length))
                    .with(places)
                    .with((long) used)
                    .with(turns)
                    .with(keys)
                    .with(values)
                    .with(embedding)
                    .with(own)
                    .with(pairs)
                    .with(language)
                    .one(owner);
        }
    }

    /** Goes on with some of the texts, by their places among those left; what was kept of the others is freed. */
    void keep(int[] texts) {
        lengths = IntStream.of(texts).map(text -> lengths[text]).toArray();
        Tensor rows = scope.longs(IntStream.of(texts).asLongStream().toArray(), texts.length);
        keys = picked(keys, rows);
        values = picked(values, rows);
    }

    private List<Tensor> picked(List<Tensor> memory, Tensor rows) {
        List<Tensor> some = new ArrayList<>(memory.size());
        for (Tensor layer : memory) {
            some.add(weights.script().call("pick").with(layer).with(rows).one(scope));
            layer.close();
        }
        return List.copyOf(some);
    }

    @Override
    public void close() {
        scope.close();
    }
}
