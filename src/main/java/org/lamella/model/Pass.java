// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * The forward pass of a model in pieces: embedding, one layer after another, the head. One native call each.
 *
 * <p>States are (N, D): one row a real token, see {@link Batch}. Every tensor returned belongs to the scope given.
 * Without gradient unless the caller enables it; dropout is off unless the pass was made with rates.
 */
public final class Pass {

    private final Weights weights;
    private final List<List<Tensor>> layers;
    private final List<Tensor> language;
    private final Architecture.Dropout rates;
    private final double pairRate;

    private Pass(
            Weights weights,
            List<List<Tensor>> layers,
            List<Tensor> language,
            Architecture.Dropout rates,
            double pairRate) {
        this.weights = weights;
        this.layers = layers;
        this.language = language;
        this.rates = rates;
        this.pairRate = pairRate;
    }

    static Pass still(Weights weights) {
        List<List<Tensor>> layers = IntStream.range(0, weights.architecture().depth())
                .mapToObj(weights::layer)
                .toList();
        return new Pass(weights, layers, weights.language(), Architecture.Dropout.NONE, 0);
    }

    /** Returns the pass of a model that reads words by the matrix of its overlay, where that has one. */
    static Pass still(Weights weights, Optional<? extends Overlay> overlay) {
        Pass pass = still(weights);
        return overlay.flatMap(Overlay::words)
                .map(words -> new Pass(weights, pass.layers, weights.language(words), Architecture.Dropout.NONE, 0))
                .orElse(pass);
    }

    /** Returns what says which word comes next; empty where nothing does. */
    List<Tensor> language() {
        return language;
    }

    /**
     * Returns this pass with leaves in place of the layers' weights: the same numbers in the same memory, with a gradient
     * each. For measuring what the frozen weights matter; training never needs it.
     *
     * @param owner owns the leaves and their gradients, together as large as the layers
     */
    public Pass withLeaves(Scope owner) {
        List<List<Tensor>> leaves = layers.stream()
                .map(layer -> layer.stream()
                        .map(weight -> weights.script()
                                .call("leaf")
                                .with(weight)
                                .one(owner)
                                .requireGradient())
                        .toList())
                .toList();
        return new Pass(weights, leaves, language, rates, pairRate);
    }

    /** Returns the weights that a layer computes with, in the architecture's order; they are not the caller's to close. */
    public List<Tensor> weights(int layer) {
        return layers.get(layer);
    }

    /**
     * Returns this pass with dropout, as training uses it.
     *
     * @param base whether the model's own dropout is on (Hugging Face and PEFT train so)
     * @param pairs the rate before the down projection of each pair
     */
    public Pass withDropout(boolean base, double pairs) {
        Architecture.Dropout own = base ? weights.architecture().dropout() : Architecture.Dropout.NONE;
        return new Pass(weights, layers, language, own, pairs);
    }

    /** Returns the number of layers. */
    public int depth() {
        return weights.architecture().depth();
    }

    /** Returns the embedding output of a batch, (N, D), of the base model. */
    public Tensor embed(Batch batch, Scope owner) {
        return embed(batch, Optional.empty(), owner);
    }

    /** Returns the embedding output of a batch, (N, D), with the weights that the overlay replaces if there is one. */
    public Tensor embed(Batch batch, Optional<? extends Overlay> overlay, Scope owner) {
        Map<String, Tensor> replaced = replaced(overlay);
        Tensor embedded = weights.script()
                .call("embed")
                .with(weights.architecture().sees().isPresent() ? Sight.pixels(weights, batch, owner) : batch.ids())
                .with(batch.types())
                .with(batch.positions())
                .with(weights.embedding(replaced))
                .with(rates.hidden())
                .one(owner);
        return batch.marks().elements() == 0
                ? embedded
                : weights.sight().over(embedded, batch, overlay.flatMap(Overlay::tower), replaced, pairRate, owner);
    }

    /** Returns the state after a layer, (N, D), with the layer's pairs of the overlay if there is one. */
    public Tensor layer(int index, Tensor state, Batch batch, Optional<? extends Overlay> overlay, Scope owner) {
        return layer(index, state, batch, batch.every(), overlay, owner);
    }

    /**
     * Returns the state after a layer at the tokens that the head reads, (B, D), or (R, D) when it writes. The rest of the
     * layer's output is not computed: all that the last layer is needed for.
     */
    public Tensor layerAtHead(
            int index, Tensor state, Batch batch, Head head, Optional<? extends Overlay> overlay, Scope owner) {
        return layer(index, state, batch, readBy(head, batch), overlay, owner);
    }

    private Tensor readBy(Head head, Batch batch) {
        return head.writes() ? batch.asking() : weights.architecture().headRows(batch);
    }

    /**
     * Returns one vector an example, (B, D), from the state after a layer. At a single token the rest of the layer's
     * output is not computed: for the last layer somebody looks at.
     */
    public Tensor layerAt(
            Position position, int index, Tensor state, Batch batch, Optional<? extends Overlay> overlay, Scope owner) {
        if (position != Position.MEAN) {
            return layer(index, state, batch, batch.rows(position), overlay, owner);
        }
        try (Tensor every = layer(index, state, batch, overlay, owner)) {
            return read(every, batch, position, owner);
        }
    }

    private Tensor layer(
            int index, Tensor state, Batch batch, Tensor rows, Optional<? extends Overlay> overlay, Scope owner) {
        List<Tensor> pairs = overlay.map(o -> o.pairs(index)).orElse(List.of());
        Map<String, Tensor> replaced = replaced(overlay);
        return weights.script()
                .call(weights.architecture().function(index))
                .with(state)
                .with(batch.grid())
                .with(batch.cells())
                .with(rows)
                .with(prepared(batch, replaced, owner))
                .with(weights.layer(index, layers.get(index), replaced))
                .with(pairs)
                .with(rates.hidden())
                .with(rates.attention())
                .with(pairRate)
                .one(owner);
    }

    /** Returns what all layers of the frozen model read of a batch. */
    List<Tensor> prepared(Batch batch) {
        return batch.prepared(this::frozen);
    }

    private static Map<String, Tensor> replaced(Optional<? extends Overlay> overlay) {
        return overlay.map(Overlay::replaced).orElse(Map.of());
    }

    // what all layers read of a batch: frozen it is kept with the batch, trained it is made anew with its gradient
    private List<Tensor> prepared(Batch batch, Map<String, Tensor> replaced, Scope owner) {
        List<Tensor> shared = weights.shared(replaced);
        return shared.equals(weights.shared()) ? batch.prepared(this::frozen) : prepare(batch, shared, owner);
    }

    private List<Tensor> frozen(Batch batch, Scope owner) {
        try (GradMode off = GradMode.disabled()) {
            return prepare(batch, weights.shared(), owner);
        }
    }

    private List<Tensor> prepare(Batch batch, List<Tensor> shared, Scope owner) {
        return weights.architecture().prepares()
                ? weights.script()
                        .call("prepare")
                        .with(batch.grid())
                        .with(shared)
                        .many(owner)
                : List.of();
    }

    /** Returns one vector an example, (B, D), from a state of every token. */
    public Tensor read(Tensor state, Batch batch, Position position, Scope owner) {
        if (position == Position.MEAN) {
            return weights.script()
                    .call("mean")
                    .with(state)
                    .with(batch.owner())
                    .with(batch.lengths())
                    .one(owner);
        }
        return weights.script()
                .call("pick")
                .with(state)
                .with(batch.rows(position))
                .one(owner);
    }

    /** Returns the vectors that the head reads, (B, D), or (R, D) when it writes, from a state of every token. */
    public Tensor readAtHead(Tensor state, Batch batch, Head head, Scope owner) {
        return weights.script()
                .call("pick")
                .with(state)
                .with(readBy(head, batch))
                .one(owner);
    }

    /**
     * Returns the head's answer from the vectors it reads: (B, labels), (B, 1) for a number, and (B, 5) of a head that
     * writes, see {@link Head#words()}.
     */
    public Tensor answers(Tensor read, Batch batch, Head head, Scope owner) {
        if (!head.writes()) {
            return logits(read, head, owner);
        }
        return weights.script()
                .call("answers")
                .with(read)
                .with(batch.answers())
                .with(batch.answering())
                .with(batch.lengths())
                .with(language)
                .one(owner);
    }

    /**
     * Returns the head's answers from the vectors it reads after each of K layers, below each other: (K B, labels) and so on,
     * see {@link #answers}. The matrix of words is gone through once for some hundred states, not once a layer.
     */
    public Tensor answersEach(List<Tensor> reads, Batch batch, Head head, Scope owner) {
        if (head.writes()) {
            return weights.script()
                    .call("answers_each")
                    .with(reads)
                    .with(batch.answers())
                    .with(batch.answering())
                    .with(batch.lengths())
                    .with(language)
                    .one(owner);
        }
        try (Tensor all = weights.script().call("below_each_other").with(reads).one(owner)) {
            return logits(all, head, owner);
        }
    }

    /** Returns the head's answer, (B, labels) or (B, 1), from the vectors it reads, (B, D). */
    public Tensor logits(Tensor read, Head head, Scope owner) {
        return weights.script()
                .call("logits")
                .with(read)
                .with(weights.pooler(head))
                .with(weights.answering(head))
                .with(rates.before())
                .with(rates.after())
                .one(owner);
    }

    /** Returns states as the last norm leaves them, which is what Hugging Face calls the last hidden state of a decoder. */
    public Tensor normed(Tensor states, Scope owner) {
        return weights.script().call("norm").with(states).with(language.get(0)).one(owner);
    }

    /** Returns the logits of every word after each of some states (R, D) of the last layer, (R, V). */
    public Tensor next(Tensor states, Scope owner) {
        return weights.script().call("next").with(states).with(language).one(owner);
    }

    /** Returns all states of a batch, depth + 1 of (N, D): the embedding output, then the state after each layer. */
    public List<Tensor> states(Batch batch, Optional<? extends Overlay> overlay, Scope owner) {
        List<Tensor> states = new ArrayList<>(depth() + 1);
        states.add(embed(batch, overlay, owner));
        for (int layer = 0; layer < depth(); layer++) {
            states.add(layer(layer, states.get(layer), batch, overlay, owner));
        }
        return states;
    }

    /** Returns the head's answer for a batch, as {@link #answers} does: a whole forward pass with nothing kept. */
    public Tensor answer(Batch batch, Optional<? extends Overlay> overlay, Head head, Scope owner) {
        try (Scope step = Scope.open()) {
            Tensor state = embed(batch, overlay, step);
            for (int layer = 0; layer < depth(); layer++) {
                Tensor before = state;
                state = layer == depth() - 1
                        ? layerAtHead(layer, before, batch, head, overlay, step)
                        : layer(layer, before, batch, overlay, step);
                before.close();
            }
            return answers(state, batch, head, owner);
        }
    }

    /**
     * Returns the summed loss of a batch: cross-entropy in nats against labels, or squared error against targets.
     *
     * @param logits the head's answer
     * @param truth labels as I64 (B), or targets as F32 (B)
     */
    public Tensor loss(Tensor logits, Tensor truth, Head head, Scope owner) {
        return weights.script()
                .call(head.regression() ? "squared_error" : "cross_entropy")
                .with(logits)
                .with(truth)
                .one(owner);
    }

    /** Returns the summed negative log-probability, in nats, of a batch's answers after the states (R, D) before them. */
    public Tensor answerLoss(Tensor read, Batch batch, Scope owner) {
        return weights.script()
                .call("answer_loss")
                .with(read)
                .with(batch.answers())
                .with(language)
                .one(owner);
    }

    /** Returns a loss multiplied by a factor; gradients go through. */
    public Tensor scaled(Tensor loss, double factor, Scope owner) {
        return weights.script().call("scaled").with(loss).with(factor).one(owner);
    }
}
