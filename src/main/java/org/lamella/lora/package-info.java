// SPDX-License-Identifier: Apache-2.0
/**
 * Layer-wise LoRA: recipes, training, adapters, and the PEFT folder they are kept in.
 *
 * <p>Front door: {@link org.lamella.lora.Lora}. A recipe says which layers and modules get low-rank pairs; {@link
 * org.lamella.lora.Training} says how they are trained; a {@link org.lamella.lora.Run} is what came of it.
 *
 * <pre>{@code
 * Transformer model = Transformer.load("minilm");
 * Task task = Task.load("reuters-r8");
 * Lora recipe = Lora.on(LayerSet.parse("010011")).rank(8).alpha(16).dropout(0.1).targets("query", "value");
 * Training how = Training.standard().epochs(3).learningRate(3e-3).maxTokens(64).seed(0);
 * Run run = recipe.train(model, task.train().sample(800, 0), how);
 * Run other = recipe.layers(recipe.layers().complement()).train(model, task.train().sample(800, 0), how);
 * run.model().predict("grain shipments fell");
 * run.adapter().keeping(5).save(Path.of("target/adapters/r8"));        // a stock PEFT folder
 * Transformer again = model.with(Adapter.load(Path.of("target/adapters/r8")));
 * AdapterDoctor.inspect(Path.of("target/adapters/r8"), model);         // what is wrong with anyone's adapter
 * }</pre>
 *
 * <p>Of a model that sees, one recipe adapts both towers, each on layers of its own, and trains what stands between:
 *
 * <pre>{@code
 * Transformer tower = VisionShape.standard().fresh(Path.of("target/tower"), 0);
 * Transformer sees = Llava.assemble(tower, Projector.seeded(0), Transformer.load("smollm2-135m"));
 * Lora both = Lora.on(sees.layers().last(10)).rank(8)
 *         .tower(Lora.on(sees.tower().layers().last(2)).rank(4))
 *         .trainProjector();
 * Lora whole = Lora.everything();                                       // all weights, for the small tower alone
 * }</pre>
 *
 * <p>Words defined here: a <em>pair</em> is the A and B of one linear module; an <em>adapter</em> is the pairs of a model
 * and the head trained with them; a <em>run</em> is one training; a <em>boundary</em> is the number of layers whose pairs
 * are kept.
 */
@NullMarked
package org.lamella.lora;

import org.jspecify.annotations.NullMarked;
