// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.lamella.base.FormatException;

/**
 * What the encoders of BERT's family have in common: post-norm layers under {@code encoder.layer} whose weights bear the
 * same names but for query, key and value, and a head on the first token.
 *
 * <p>The texts are the specification. Their order of operations is Hugging Face's, so that without padding the states are
 * the same bits; with padding the linear, norm and activation work runs on real tokens only (the rows of {@code x}) and
 * attention alone sees the padded grid.
 */
abstract class PostNormEncoder implements Architecture {

    // B examples, T columns, N real tokens, D WIDTH, H HEADS, K SIZE (of a head), F inner width
    private static final String SCRIPT = """
            # one attention head after another on the padded grid: (N, D) -> (B, H, T, K)
            def spread(self, x: Tensor, cells: Tensor, B: int, T: int) -> Tensor:
              if torch.size(x, 0) == B * T:
                full = x
              else:
                full = torch.index_copy_(torch.new_zeros(x, [B * T, WIDTH]), 0, cells, x)
              return torch.transpose(torch.view(full, [B, T, HEADS, SIZE]), 1, 2)

            # what attention read for the tokens x0, (B, H, T, K) or one row an example -> (N, D), those tokens alone
            def gathered(self, c: Tensor, cells: Tensor, x0: Tensor) -> Tensor:
              c1 = torch.reshape(torch.transpose(c, 1, 2), [-1, WIDTH])
              if torch.size(c1, 0) == torch.size(x0, 0):
                c2 = c1
              else:
                c2 = torch.index_select(c1, 0, cells)
              return c2

            # the rest of a layer after attention: c what attention read, x0 what came in, (N, D) each
            def rest(self, c: Tensor, x0: Tensor, w: List[Tensor], pairs: List[Tensor], hidden: float, low: float) -> Tensor:
              a = self.drop(self.adapted(c, w[6], w[7], pairs, 3, low), hidden)
              x1 = torch.layer_norm(torch.add(a, x0), [WIDTH], w[8], w[9], EPSILON)
              h = ACTIVATION(self.adapted(x1, w[10], w[11], pairs, 4, low)OPTIONS)  # (N, F)
              o = self.drop(self.adapted(h, w[12], w[13], pairs, 5, low), hidden)
              return torch.layer_norm(torch.add(o, x1), [WIDTH], w[14], w[15], EPSILON)
            """;

    private final int depth;
    private final int width;
    private final int heads;
    private final int inner;
    private final int vocabulary;
    private final int types;
    private final double epsilon;
    private final double initializerRange;
    private final Activation activation;

    /** Reads the fields that the family shares; {@code types} is how many token types config.json has without saying. */
    PostNormEncoder(Config config, int otherwiseTypes, double otherwiseEpsilon) {
        depth = config.count("num_hidden_layers");
        width = config.count("hidden_size");
        heads = config.count("num_attention_heads");
        inner = config.count("intermediate_size");
        vocabulary = config.count("vocab_size");
        types = config.atLeast("type_vocab_size", 0, otherwiseTypes);
        epsilon = config.number("layer_norm_eps", otherwiseEpsilon);
        initializerRange = config.number("initializer_range", 0.02);
        activation = Activation.named("hidden_act", config.text("hidden_act", "gelu"));
        if (width % heads != 0) {
            throw new FormatException(
                    "config.json",
                    "hidden_size must be a multiple of num_attention_heads, " + heads + "; got " + width);
        }
    }

    /** Returns the family's own functions, in the words WIDTH, HEADS, SIZE, EPSILON for its numbers. */
    abstract String text();

    /** Returns the names of the linear modules of queries, keys and values, inside a layer. */
    List<String> attention() {
        return List.of("attention.self.query", "attention.self.key", "attention.self.value");
    }

    /** Returns the embedding of a family whose tokens have types and learned positions. */
    final List<Weight> wordsTypesAndPositions(int positions) {
        return List.of(
                Weight.of("embeddings.word_embeddings.weight", vocabulary, width),
                Weight.of("embeddings.token_type_embeddings.weight", types, width),
                Weight.of("embeddings.position_embeddings.weight", positions, width),
                Weight.of("embeddings.LayerNorm.weight", width),
                Weight.of("embeddings.LayerNorm.bias", width));
    }

    /** Returns the last names of the modules of queries and values. */
    @Override
    public List<String> defaultTargets() {
        return Stream.of(attention().get(0), attention().get(2))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
    }

    @Override
    public List<Weight> head(int outputs) {
        return List.of(Weight.of("classifier.weight", outputs, width), Weight.of("classifier.bias", outputs));
    }

    @Override
    public String script() {
        return (SCRIPT + "\n" + text())
                .replace("WIDTH", String.valueOf(width))
                .replace("HEADS", String.valueOf(heads))
                .replace("SIZE", String.valueOf(width / heads))
                .replace("EPSILON", Double.toString(epsilon))
                .replace("ACTIVATION", activation.function())
                .replace("OPTIONS", activation.options());
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
    public double initializerRange() {
        return initializerRange;
    }

    @Override
    public String path(int layer) {
        return "encoder.layer." + layer;
    }

    @Override
    public List<Weight> layer() {
        List<Weight> weights = new ArrayList<>();
        for (LinearModule linear : linears()) {
            weights.add(Weight.of(linear.name() + ".weight", linear.outputs(), linear.inputs()));
            weights.add(Weight.of(linear.name() + ".bias", linear.outputs()));
            if (linear.name().endsWith("output.dense")) {
                String norm = linear.name().replace("output.dense", "output.LayerNorm");
                weights.add(Weight.of(norm + ".weight", width));
                weights.add(Weight.of(norm + ".bias", width));
            }
        }
        return List.copyOf(weights);
    }

    @Override
    public List<LinearModule> linears() {
        List<LinearModule> linears = new ArrayList<>();
        attention().forEach(name -> linears.add(new LinearModule(name, width, width)));
        linears.add(new LinearModule("attention.output.dense", width, width));
        linears.add(new LinearModule("intermediate.dense", width, inner));
        linears.add(new LinearModule("output.dense", inner, width));
        return List.copyOf(linears);
    }

    @Override
    public Work work(BatchShape shape, boolean atHead, Dropout rates) {
        return EncoderWork.of(linears(), heads, shape, atHead, rates, positionRows(shape.columns()));
    }

    /** Returns how many rows of a table of relative positions so many columns need; 0 for families without one. */
    long positionRows(int columns) {
        return 0;
    }

    @Override
    public Position headPosition() {
        return Position.CLS;
    }

    /** Throws unless config.json says nothing else of a field than what is computed here. */
    static void requireText(Config config, String field, String only) {
        String got = config.text(field, only);
        if (!got.equals(only)) {
            throw new FormatException("config.json", field + " must be \"" + only + "\"; got \"" + got + "\"");
        }
    }
}
