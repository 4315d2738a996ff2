// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.lamella.base.FormatException;

/**
 * What the decoders of Llama's family have in common: causal attention with grouped heads and rotary positions, a gated
 * feed-forward part, a norm before each of the two, one more after the last layer.
 *
 * <p>The text is the specification, in Hugging Face's order of operations. Linear modules, norms and activations run on
 * real tokens only; attention alone sees the padded grid, which needs no mask: padding stands to the right of all that
 * may look at it. A text word {@code WEIGHT[x]} or {@code BIAS[x]} is the place of a weight of the layer; a bias that a
 * family does not have is {@code None}.
 */
abstract class PreNormDecoder implements Architecture {

    // B examples, T columns, N real tokens, D WIDTH, H HEADS, G GROUPS of them with keys of their own, K SIZE (of a
    // head)
    private static final String SCRIPT = """
            # one attention head after another on the padded grid: (N, C K) -> (B, C, T, K)
            def spread(self, x: Tensor, cells: Tensor, B: int, T: int, C: int) -> Tensor:
              if torch.size(x, 0) == B * T:
                full = x
              else:
                full = torch.index_copy_(torch.new_zeros(x, [B * T, C * SIZE]), 0, cells, x)
              return torch.transpose(torch.view(full, [B, T, C, SIZE]), 1, 2)

            # keys or values for every head: (B, G, T, K) -> (B, H, T, K)
            def repeated(self, x: Tensor) -> Tensor:
              B = torch.size(x, 0)
              T = torch.size(x, 2)
              if GROUPS == HEADS:
                y = x
              else:
                wide = torch.expand(torch.unsqueeze(x, 2), [B, GROUPS, HEADS // GROUPS, T, SIZE])
                y = torch.reshape(wide, [B, HEADS, T, SIZE])
              return y

            # which tokens a token may look at, (T, T): those before it and itself, the last WINDOW of them
            def window(self, like: Tensor, most: int) -> Tensor:
              T = torch.size(like, 1)
              every = torch.new_ones(like, [T, T])
              return torch.tril(torch.logical_and(every, torch.triu(every, 1 - most)))

            # what each layer reads of a batch: cosine and sine of the turns, the mask of a full and of a sliding window; a
            # mask has no elements where causality is all it says
            def prepare(self, grid: Tensor, w: List[Tensor]) -> List[Tensor]:
              cos, sin, = self.turns(grid)
              T = torch.size(grid, 1)
              none = torch.new_empty(grid, [0])
              if MASKED:
                full = self.window(grid, T)
              else:
                full = none
              if MASKED or T > WINDOW:
                sliding = self.window(grid, WINDOW)
              else:
                sliding = none
              return [cos, sin, full, sliding]

            def embed(self, ids: Tensor, types: Tensor, positions: Tensor, w: List[Tensor], hidden: float) -> Tensor:
              x = torch.embedding(w[0], ids)
              return ENTERING

            # queries, keys and values of every token, turned: (B, H, T, K), (B, G, T, K), (B, G, T, K)
            def asked(self, x: Tensor, grid: Tensor, cells: Tensor, prepared: List[Tensor], w: List[Tensor], pairs: List[Tensor], low: float) -> Tuple[Tensor, Tensor, Tensor]:
              B = torch.size(grid, 0)
              T = torch.size(grid, 1)
              h = self.norm(x, WEIGHT[input_layernorm])
              h1 = self.single(h, pairs, 0, 2)
              q = self.spread(self.told(h, h1, WEIGHT[q_proj], BIAS[q_proj], pairs, 0, low), cells, B, T, HEADS)
              k = self.spread(self.told(h, h1, WEIGHT[k_proj], BIAS[k_proj], pairs, 1, low), cells, B, T, GROUPS)
              v = self.spread(self.told(h, h1, WEIGHT[v_proj], BIAS[v_proj], pairs, 2, low), cells, B, T, GROUPS)
              return (self.turned(q, prepared[0], prepared[1]), self.turned(k, prepared[0], prepared[1]), v)

            # what a layer makes of tokens x once they have queries, keys and values
            def heard(self, q: Tensor, k: Tensor, v: Tensor, x: Tensor, cells: Tensor, rows: Tensor, mask: Tensor, w: List[Tensor], pairs: List[Tensor], attention: float, low: float) -> Tensor:
              N = torch.size(q, 0) * torch.size(q, 2)
              c = self.attended(q, self.repeated(k), self.repeated(v), mask, attention)  # (B, H, T, K)
              c1 = torch.reshape(torch.transpose(c, 1, 2), [N, HEADS * SIZE])
              if torch.numel(rows) > 0:
                x0 = torch.index_select(x, 0, rows)
                c2 = torch.index_select(c1, 0, torch.index_select(cells, 0, rows))
              else:
                x0 = x
                if torch.size(x, 0) == N:
                  c2 = c1
                else:
                  c2 = torch.index_select(c1, 0, cells)
              return self.rest(c2, x0, w, pairs, low)

            def block(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, prepared: List[Tensor], mask: Tensor, w: List[Tensor], pairs: List[Tensor], attention: float, low: float) -> Tensor:
              q, k, v, = self.asked(x, grid, cells, prepared, w, pairs, low)
              return self.heard(q, k, v, x, cells, rows, mask, w, pairs, attention, low)

            # rows: the tokens whose state the caller wants, all of them when it has no elements
            def layer(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, prepared: List[Tensor], w: List[Tensor], pairs: List[Tensor], hidden: float, attention: float, low: float) -> Tensor:
              return self.block(x, grid, cells, rows, prepared, prepared[2], w, pairs, attention, low)

            def sliding(self, x: Tensor, grid: Tensor, cells: Tensor, rows: Tensor, prepared: List[Tensor], w: List[Tensor], pairs: List[Tensor], hidden: float, attention: float, low: float) -> Tensor:
              return self.block(x, grid, cells, rows, prepared, prepared[3], w, pairs, attention, low)

            # the feed-forward part of tokens x (N, D)
            def fed(self, x: Tensor, w: List[Tensor], pairs: List[Tensor], low: float) -> Tensor:
              x1 = self.single(x, pairs, 4, 5)
              g = ACTIVATION(self.told(x, x1, WEIGHT[gate_proj], BIAS[gate_proj], pairs, 4, low)OPTIONS)  # (N, F)
              u = self.told(x, x1, WEIGHT[up_proj], BIAS[up_proj], pairs, 5, low)
              return self.adapted(torch.mul(g, u), WEIGHT[down_proj], BIAS[down_proj], pairs, 6, low)

            # a label's logits from the states x (B, D) that the head reads; w the last norm
            def logits(self, x: Tensor, w: List[Tensor], head: List[Tensor], before: float, after: float) -> Tensor:
              return torch.linear(torch.type_as(self.norm(x, w[0]), head[0]), head[0])

            # what comes next after the states x (R, D): w the last norm and the matrix of words, (R, V)
            def next(self, x: Tensor, w: List[Tensor]) -> Tensor:
              return self.worded(self.norm(x, w[0]), w[1])

            # the logits z of every word, from normed states n (R, D) and the matrix of words
            def worded(self, n: Tensor, words: Tensor) -> Tensor:
              z = torch.linear(n, words)
              return CAPPED

            # the negative log-probability of the words that do come next, summed. Each has a logit z for every word, so
            # some hundred are looked at at a time; the slope of their loss is worked out at once, and what is kept for
            # the way back is one slope a state. The matrix of words is frozen.
            def answer_loss(self, x: Tensor, words: Tensor, w: List[Tensor]) -> Tensor:
              n = self.norm(x, w[0])
              n0 = torch.detach(n)
              slopes = torch.zeros_like(n0, dtype=6)
              loss = torch.new_zeros(slopes, [])
              R = torch.size(x, 0)
              for i in range((R + 255) // 256):
                a = i * 256
                e = ops.prim.min(R, a + 256)
                y = torch.unsqueeze(torch.slice(words, 0, a, e), 1)
                z = self.worded(torch.slice(n0, 0, a, e), w[1])
                p = torch.log_softmax(z, 1, 6)
                loss = torch.sub(loss, torch.sum(torch.gather(p, 1, y)))
                s = torch.scatter_add_(torch.exp_(p), 1, y, torch.neg(torch.ones_like(y, dtype=6)))
                back = torch.matmul(torch.type_as(SLOPE, n0), w[1])
                copied = torch.copy_(torch.slice(slopes, 0, a, e), back)
              bound = torch.sum(torch.mul(torch.to(n, 6), slopes))
              return torch.add(loss, torch.sub(bound, torch.detach(bound)))

            # of each example, (B, 5): the same, how many words there are and how many are the most probable, the sums of
            # their probabilities and of their ranks, 1 for the most probable
            def answers(self, x: Tensor, words: Tensor, owner: Tensor, lengths: Tensor, w: List[Tensor]) -> Tensor:
              R = torch.size(x, 0)
              told = torch.new_zeros(x, [torch.size(lengths, 0), 5], dtype=6)
              for i in range((R + 255) // 256):
                a = i * 256
                e = ops.prim.min(R, a + 256)
                z = torch.to(self.next(torch.slice(x, 0, a, e), w), 6)
                y = torch.slice(words, 0, a, e)
                loss = torch.cross_entropy_loss(z, y, None, 0)
                own = torch.gather(z, 1, torch.unsqueeze(y, 1))
                rank = torch.add(torch.sum(torch.gt_(z, own), [1]), 1) # in place: z is no longer needed
                right = torch.to(torch.eq(rank, 1), 6)
                each = torch.stack([loss, torch.ones_like(loss), right, torch.exp(torch.neg(loss)), rank], 1)
                told = torch.index_add(told, 0, torch.slice(owner, 0, a, e), each)
              return told

            # the same of the states of several layers, below each other, (K B, 5)
            def answers_each(self, x: List[Tensor], words: Tensor, owner: Tensor, lengths: Tensor, w: List[Tensor]) -> Tensor:
              K = len(x)
              layer = torch.sub(torch.cumsum(torch.new_ones(owner, [K, 1]), 0), 1)
              owners = torch.flatten(torch.add(torch.mul(layer, torch.size(lengths, 0)), torch.unsqueeze(owner, 0)))
              return self.answers(torch.cat(x, 0), torch.repeat(words, [K]), owners, torch.repeat(lengths, [K]), w)
            """;

    private static final String NORM = """
            # every token's state over its root mean square, in single precision, then times the weight
            def norm(self, x: Tensor, weight: Tensor) -> Tensor:
              x1 = torch.to(x, 6)
              y = torch.mul(x1, torch.rsqrt(torch.add(torch.mean(torch.pow(x1, 2), [-1], True), EPSILON)))
              return torch.mul(weight, torch.type_as(y, x))
            """;

    private static final String ATTENDED = """
            def attended(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, rate: float) -> Tensor:
              if torch.numel(mask) > 0:
                c = torch.scaled_dot_product_attention(q, k, v, mask, rate, False, scale=SCALE)
              else:
                c = torch.scaled_dot_product_attention(q, k, v, None, rate, True, scale=SCALE)
              return c
            """;

    private static final String REST = """
            # the rest of a layer after attention: c what attention read, x0 what came in
            def rest(self, c: Tensor, x0: Tensor, w: List[Tensor], pairs: List[Tensor], low: float) -> Tensor:
              x1 = torch.add(x0, self.adapted(c, WEIGHT[o_proj], BIAS[o_proj], pairs, 3, low))
              return torch.add(x1, self.fed(self.norm(x1, WEIGHT[post_attention_layernorm]), w, pairs, low))
            """;

    private static final Pattern PLACE = Pattern.compile("(WEIGHT|BIAS)\\[(\\w+)\\]");

    private final Config config;
    private final int depth;
    private final int width;
    private final int heads;
    private final int groups;
    private final int size;
    private final int inner;
    private final int vocabulary;
    private final int limit;
    private final double epsilon;
    private final double initializerRange;
    private final double attentionDropout;
    private final Activation activation;
    private final Rotary rotary;

    /** Reads the fields that the family shares. */
    PreNormDecoder(Config config, Defaults defaults) {
        this.config = config;
        depth = config.count("num_hidden_layers");
        width = config.count("hidden_size");
        heads = config.count("num_attention_heads");
        groups = config.count("num_key_value_heads", heads);
        size = config.count("head_dim", defaults.size() > 0 ? defaults.size() : Math.max(1, width / heads));
        inner = config.count("intermediate_size");
        vocabulary = config.count("vocab_size");
        limit = config.count("max_position_embeddings", defaults.limit());
        epsilon = config.number("rms_norm_eps", 1e-6);
        initializerRange = config.number("initializer_range", 0.02);
        attentionDropout = config.rate("attention_dropout", 0);
        String field = config.has("hidden_activation") ? "hidden_activation" : "hidden_act";
        activation = Activation.named(field, config.text(field, defaults.activation()));
        rotary = Rotary.of(config, size, 10_000);
        if (heads % groups != 0) {
            throw new FormatException(
                    "config.json",
                    "num_attention_heads must be a multiple of num_key_value_heads, " + groups + "; got " + heads);
        }
    }

    /**
     * What a family has where config.json does not say.
     *
     * @param activation by Hugging Face's name
     * @param limit the longest text in tokens
     * @param size of a head; 0 for the width over the number of heads
     */
    record Defaults(String activation, int limit, int size) {}

    final Config config() {
        return config;
    }

    final int size() {
        return size;
    }

    /** Returns whether the linear modules of attention, or of the feed-forward part, have biases. */
    abstract boolean biased(LinearModule module);

    /** Returns how many tokens before it a token looks at in sliding layers, itself included. */
    int window() {
        return Integer.MAX_VALUE;
    }

    /** Returns whether a layer looks at its window alone. */
    boolean slides(int layer) {
        return false;
    }

    @Override
    public final String function(int layer) {
        return slides(layer) ? "sliding" : "layer";
    }

    @Override
    public final boolean prepares() {
        return true;
    }

    /** Returns the function {@code norm(x, weight)}. */
    String norm() {
        return NORM;
    }

    /** Returns the function {@code attended(q, k, v, mask, rate)}, in the word SCALE. */
    String attended() {
        return ATTENDED;
    }

    /** Returns whether {@code attended} wants a mask where causality is all it says. */
    boolean masked() {
        return false;
    }

    /** Returns the function {@code rest(c, x0, w, pairs, low)}. */
    String rest() {
        return REST;
    }

    /** Returns the expression of the logits z of all words. */
    String capped(String z) {
        return z;
    }

    /** Returns the expression of the slope of a loss by the logits before they are capped, from that s by capped logits z. */
    String slope(String s, String z) {
        return s;
    }

    /** Returns what scores of attention are multiplied by. */
    double scale() {
        return Math.pow(size, -0.5);
    }

    /** Returns the norms of a layer by name. */
    List<String> norms() {
        return List.of("input_layernorm", "post_attention_layernorm");
    }

    @Override
    public final String script() {
        String kinds = IntStream.range(0, depth)
                .mapToObj(layer -> slides(layer) ? "1" : "0")
                .collect(Collectors.joining(", ", "[", "]"));
        String text = String.join("\n", SCRIPT, Continuing.SCRIPT, norm(), attended(), rest())
                .replace("ENTERING", entering("x"))
                .replace("CAPPED", capped("z"))
                .replace("SLOPE", slope("s", "z"))
                .replace("MASKED", masked() ? "True" : "False")
                .replace("DEPTH", String.valueOf(depth))
                .replace("KINDS", kinds)
                .replace("EACH", String.valueOf(layer().size()))
                .replace("ADAPTABLE", String.valueOf(linears().size()))
                .replace("WIDTH", String.valueOf(width))
                .replace("WINDOW", String.valueOf(window()))
                .replace("HEADS", String.valueOf(heads))
                .replace("GROUPS", String.valueOf(groups))
                .replace("SIZE", String.valueOf(size))
                .replace("EPSILON", Double.toString(epsilon))
                .replace("SCALE", Double.toString(scale()))
                .replace("ACTIVATION", activation.function())
                .replace("OPTIONS", activation.options());
        return rotary.script() + "\n" + PLACE.matcher(text).replaceAll(this::place);
    }

    private String place(java.util.regex.MatchResult word) {
        List<String> names = layer().stream().map(Weight::name).toList();
        String end = "." + word.group(2) + "." + word.group(1).toLowerCase(Locale.ROOT);
        Optional<String> named =
                names.stream().filter(name -> ("." + name).endsWith(end)).findFirst();
        if (named.isEmpty() && !word.group(1).equals("BIAS")) {
            throw new IllegalStateException("layer must have a weight " + end + "; got " + names);
        }
        return Matcher.quoteReplacement(
                named.map(name -> "w[" + names.indexOf(name) + "]").orElse("None"));
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
        return 0;
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
    public String prefix() {
        return "model.";
    }

    @Override
    public List<Weight> embedding() {
        return List.of(Weight.of("embed_tokens.weight", vocabulary, width));
    }

    @Override
    public String path(int layer) {
        return "layers." + layer;
    }

    @Override
    public List<Weight> layer() {
        List<Weight> weights = new ArrayList<>();
        for (LinearModule linear : linears()) {
            weights.add(Weight.of(linear.name() + ".weight", linear.outputs(), linear.inputs()));
            if (biased(linear)) {
                weights.add(Weight.of(linear.name() + ".bias", linear.outputs()));
            }
        }
        norms().forEach(norm -> weights.add(Weight.of(norm + ".weight", width)));
        return List.copyOf(weights);
    }

    @Override
    public List<LinearModule> linears() {
        return List.of(
                new LinearModule("self_attn.q_proj", width, heads * size),
                new LinearModule("self_attn.k_proj", width, groups * size),
                new LinearModule("self_attn.v_proj", width, groups * size),
                new LinearModule("self_attn.o_proj", heads * size, width),
                new LinearModule("mlp.gate_proj", width, inner),
                new LinearModule("mlp.up_proj", width, inner),
                new LinearModule("mlp.down_proj", inner, width));
    }

    @Override
    public Work work(BatchShape shape, boolean atHead, Dropout rates) {
        return DecoderWork.of(linears(), heads, groups, shape, atHead, masked());
    }

    @Override
    public List<String> defaultTargets() {
        return List.of("q_proj", "v_proj");
    }

    /** Returns the last norm: what stands between the states and any head. */
    @Override
    public List<Weight> pooler() {
        return List.of(Weight.of("model.norm.weight", width));
    }

    @Override
    public List<Weight> head(int outputs) {
        return List.of(Weight.of("score.weight", outputs, width));
    }

    /** Returns the last norm and the matrix of words, which is the table of embeddings where the two are tied. */
    @Override
    public List<Weight> language() {
        return List.of(
                Weight.of("model.norm.weight", width),
                tied()
                        ? Weight.of("model.embed_tokens.weight", vocabulary, width)
                        : Weight.of("lm_head.weight", vocabulary, width));
    }

    /** Returns whether the matrix of words is the table of embeddings. */
    boolean tied() {
        return config.flag("tie_word_embeddings", false);
    }

    @Override
    public List<Long> ends() {
        return config.tokens("eos_token_id", vocabulary);
    }

    @Override
    public Continued continued() {
        return new Continued(groups, size);
    }

    @Override
    public Position headPosition() {
        return Position.LAST;
    }

    @Override
    public Dropout dropout() {
        return new Dropout(0, attentionDropout, 0, 0);
    }
}
