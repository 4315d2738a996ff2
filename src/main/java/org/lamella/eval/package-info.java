// SPDX-License-Identifier: Apache-2.0
/**
 * How good answers are: metrics, their uncertainty, and honest comparison.
 *
 * <p>Front door: {@link org.lamella.eval.Evaluation} for a model, {@link org.lamella.eval.Metric} for plain arrays.
 *
 * <pre>{@code
 * Evaluation half = Evaluation.measure(model, task.test()).named("half");
 * half.value("accuracy");                           // 0.9420 (0.9320 to 0.9513)
 * half.mistakes();                                  // the most surprising first
 * half.confusion();                                 // which label is taken for which
 * Evaluation other = Evaluation.measure(otherModel, task.test()).named("other half");
 * Comparison both = half.against(other);            // paired on the same examples
 * both.difference("other half", "accuracy").excludesZero();
 * both.provenance().warnings();                     // what differs in the recipes beyond the layers
 * int[] truth = {0, 1, 1, 0, 2};
 * Metric.named("macro F1").of(truth, new int[] {0, 1, 0, 0, 2}, 3);
 * }</pre>
 *
 * <p>Words defined here: an <em>interval</em> is the 95 % range of 2,000 resamples of the examples; a <em>paired</em>
 * difference resamples both sides alike; the <em>loss</em> is the mean cross-entropy in nats, or the mean squared error.
 */
@NullMarked
package org.lamella.eval;

import org.jspecify.annotations.NullMarked;
