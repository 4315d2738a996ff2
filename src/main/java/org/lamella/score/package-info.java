// SPDX-License-Identifier: Apache-2.0
/**
 * Scores the layers of a frozen model, so that LoRA goes where it matters.
 *
 * <p>Front door: {@link org.lamella.score.Cka}. A layer that hardly changes what the model knows about a text has little
 * to adapt; one that changes it much is a candidate. How much is measured by one forward pass, before anything is trained.
 *
 * <pre>{@code
 * Transformer model = Transformer.load("minilm");
 * Task task = Task.load("reuters-r8");
 * LayerScores scores = Cka.scoreLayers(model, task.train().sample(256, 0));
 * scores.table();                                  // layer, cka, low, high, importance, chosen, note
 * LayerSet half = scores.topShare(0.5);            // the most important half, for Lora.on(half)
 * scores.membership(0.5).of(4);                    // how often layer 4 is in that half when examples are drawn again
 * scores.matrix().chart();                         // every state against every state
 * Cka.scoreLayers(model, task.train().head(64), Protocol.published());
 * Fisher.scoreLayers(model, task.train().sample(64, 0));   // the paper's baseline, from gradients
 * Selection.compare(model, task.train().sample(64, 0));    // every criterion side by side
 * Selection.bySize(model, task.train().sample(256, 0));    // does the choice settle with more examples?
 * Selection.splitHalves(model, task.train().sample(256, 0), 50, 0);      // do two halves choose alike?
 * scores.top(3, set -> set.depth() - set.indices().get(0)).layers();     // importance against cost
 * }</pre>
 *
 * <p>Words defined here: a <em>state</em> is what a layer reads or writes, state 0 being the embedding output and state
 * i + 1 the output of layer i; a <em>representation</em> of a text is its state at one {@link
 * org.lamella.model.Position}; <em>CKA</em> says how alike two representations of the same texts are, 1 when they differ by
 * rotation, scale and place only; <em>importance</em> is {@code 1 − CKA} of a layer's input and output; a layer is
 * <em>undefined</em> when its input or output is the same for every text; a <em>candidate</em> is a layer that may be
 * chosen; a <em>protocol</em> is every choice that changes a number, by name; a <em>criterion</em> is a way to give every
 * layer an importance; the <em>chosen half</em> are the {@code floor(depth / 2)} most important candidates; the
 * <em>front</em> of importance against cost holds the sets that no other beats in both.
 */
@NullMarked
package org.lamella.score;

import org.jspecify.annotations.NullMarked;
