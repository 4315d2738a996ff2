// SPDX-License-Identifier: Apache-2.0
/**
 * Up to which layer is an adapter needed at inference? Cuts a trained adapter at every layer and shows what is lost.
 *
 * <p>Front door: {@link org.lamella.boundary.Boundary}. Look on validation, report on test.
 *
 * <pre>{@code
 * Task task = Task.load("reuters-r8");
 * Transformer model = Transformer.load("minilm");
 * Adapter adapter = Adapter.load(Path.of("target/adapters/r8"));
 * Sweep sweep = Boundary.sweep(model, adapter, task.validation());
 * sweep.table();                                      // a row a boundary: loss and metrics with their intervals
 * Adapter kept = adapter.keeping(sweep.boundary());   // the choice prints the rule that made it
 * sweep.evaluation(3).against(sweep.evaluation(sweep.depth()));
 * Trace trace = Boundary.trace(model, adapter, task.validation());
 * trace.adapted(3);                                   // probability of the truth, read by the head after three layers
 * trace.rules();                                      // where rules see the boundary in it, with intervals
 * Boundary.curves(model, adapter, task.validation()); // reading, retention, leave-one-out, only-one-in
 * Boundary.controls(model, adapter, sweep.boundary(), task.test());   // what else could explain it
 * }</pre>
 *
 * <p>Words defined here: a <em>boundary</em> b, 0 to depth, keeps the adapted layers with an index below b and switches
 * off the others; a <em>sweep</em> tries all of them; a <em>trace</em> reads the answer after each layer. A sweep
 * intervenes, a trace observes: they need not agree.
 */
@NullMarked
package org.lamella.boundary;

import org.jspecify.annotations.NullMarked;
