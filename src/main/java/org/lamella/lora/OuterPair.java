// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.lamella.model.Transformer;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/**
 * A pair outside of the layers, which PEFT can train and Lamella can lay over a model: on a table that is read before them,
 * of words, positions or types, or on the matrix of words that is read after them. The whole weight that it makes is laid
 * over the model, as by merging; it is made once for each weight that it is laid over.
 */
final class OuterPair {

    private static final String TABLE =
            "(.*\\.)?(embed_tokens|word_embeddings|position_embeddings|token_type_embeddings)";
    private static final String MATRIX = "(.*\\.)?lm_head";
    private static final Pattern BEFORE = Pattern.compile(TABLE);
    private static final Pattern AFTER = Pattern.compile(MATRIX);

    private static final Script SCRIPT = Script.compile("""
            # W (V, D), A (R, V), B (D, R)
            def table(self, w: Tensor, a: Tensor, b: Tensor, scale: Tensor) -> Tensor:
              return torch.add(w, torch.mul(torch.transpose(torch.matmul(b, a), 0, 1), scale))

            # W (V, D), A (R, D), B (V, R)
            def matrix(self, w: Tensor, a: Tensor, b: Tensor, scale: Tensor) -> Tensor:
              return torch.add(w, torch.mul(torch.matmul(b, a), scale))

            def alike(self, w: Tensor, frozen: Tensor) -> Tensor:
              return torch.type_as(w, frozen)
            """);

    private final String path;
    private final Pair pair;
    private final Optional<Tensor> own;
    private final Scope owner;
    private final Map<Tensor, Tensor> made = new IdentityHashMap<>();

    /**
     * Makes a pair.
     *
     * @param path of its module in the adapter's file, without PEFT's prefix
     * @param pair A (R, V) and B (D, R) on a table of V rows, as PEFT has them; on the matrix A (R, D) and B (V, R)
     * @param own the weight under it, where PEFT wrote that down, too
     */
    OuterPair(String path, Pair pair, Optional<Tensor> own, Scope owner) {
        this.path = path;
        this.pair = pair;
        this.own = own;
        this.owner = owner;
    }

    /** Returns whether a module of that path can have a pair without lying in a layer. */
    static boolean on(String path) {
        return BEFORE.matcher(path).matches() || AFTER.matcher(path).matches();
    }

    String path() {
        return path;
    }

    Pair pair() {
        return pair;
    }

    /** Returns the weight under it, where PEFT wrote that down, too. */
    Optional<Tensor> own() {
        return own;
    }

    /** Returns whether it lies after the layers. */
    boolean after() {
        return AFTER.matcher(path).matches();
    }

    /** Returns the names of its tensors in a PEFT folder, the down projection first. */
    String[] names() {
        return after()
                ? new String[] {path + ".lora_A.weight", path + ".lora_B.weight"}
                : new String[] {path + ".lora_embedding_A", path + ".lora_embedding_B"};
    }

    /** Returns the weight that it makes of a model's own, (V, D), in the type of that one; the adapter owns it. */
    synchronized Tensor over(Tensor frozen, Transformer model) {
        requireFits(frozen, model);
        return made.computeIfAbsent(frozen, fresh -> {
            try (GradMode off = GradMode.disabled();
                    Scope step = Scope.open()) {
                Tensor whole = SCRIPT.call(after() ? "matrix" : "table")
                        .with(own.orElse(frozen))
                        .with(pair.down())
                        .with(pair.up())
                        .with(pair.scale())
                        .one(step);
                return SCRIPT.call("alike").with(whole).with(frozen).one(owner);
            }
        });
    }

    private void requireFits(Tensor frozen, Transformer model) {
        long[] down = pair.down().shape();
        long[] up = pair.up().shape();
        long[] shape = after() ? new long[] {up[0], down[1]} : new long[] {down[1], up[0]};
        if (!Arrays.equals(frozen.shape(), shape)) {
            throw new IllegalArgumentException("adapter must fit " + model.name() + ", whose " + path + " is "
                    + Arrays.toString(frozen.shape()) + "; got a pair for " + Arrays.toString(shape));
        }
        own.filter(weight -> !Arrays.equals(weight.shape(), frozen.shape())).ifPresent(weight -> {
            throw new IllegalArgumentException("adapter must fit " + model.name() + ", whose " + path + " is "
                    + Arrays.toString(frozen.shape()) + "; got one of " + Arrays.toString(weight.shape()));
        });
    }

    @Override
    public String toString() {
        return Objects.requireNonNull(path);
    }
}
