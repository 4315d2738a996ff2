// SPDX-License-Identifier: Apache-2.0
/**
 * Frozen transformers: loading, tokens, states at every layer, answers.
 *
 * <p>Front door: {@link org.lamella.model.Transformer}. A model is functions over mapped weights: each architecture is
 * one readable TorchScript text beside the list of its weight names ({@code Bert}, {@code Roberta}, {@code DebertaV2}), checked against Hugging Face by golden
 * files. An adapter is laid over a model through {@link org.lamella.model.Overlay}; the weights never change.
 *
 * <pre>{@code
 * Transformer model = Transformer.load("minilm");
 * Task task = Task.load("reuters-r8");
 * model.summary().table();                                     // layer, modules, parameters, dtype, bytes
 * model.tokens("Shares rose 12 pct").table();                  // position, id, token
 * model.layers().first(3);                                     // 111000, layers [0, 1, 2] of 6
 * Representations states = model.representations(task.test().head(8), Position.CLS);
 * Matrix third = states.layer(3);                              // 8 x 384; layer 0 is the embedding output
 * model.read(task.test(), Position.MEAN, (examples, layers, scope) -> {});   // any number of examples, streamed
 * model.close();                                               // optional
 * }</pre>
 *
 * <p>A model is a folder in Hugging Face layout or one GGUF file, whose metadata say what a folder's files say.
 *
 * <p>A decoder writes: tokens one after another, each read once, with the keys and values of those before it kept.
 *
 * <pre>{@code
 * Transformer writer = Transformer.load("smollm2-135m");
 * writer.next("The capital of France is", 10).table();         // token, id, probability
 * writer.generate("Once upon a time", Generation.greedy().maxTokens(64));   // grows in the cell; ■ stops it
 * writer.chat("What is LoRA?");                                 // by the model's own chat template
 * writer.generate(List.of("a", "b"), Generation.sampling(1).temperature(0.7).topP(0.9).stop("\n")).table();
 * }</pre>
 *
 * <p>Words defined here: a <em>state</em> is what a layer hands to the next, one vector a token; a <em>representation</em>
 * is a state read at one {@linkplain org.lamella.model.Position position} of each text; a <em>pass</em> is the way of a
 * batch through the layers; a <em>head</em> turns the representation after the last layer into an answer; a
 * <em>continuation</em> is what a model writes after a prompt.
 */
@NullMarked
package org.lamella.model;

import org.jspecify.annotations.NullMarked;
