// SPDX-License-Identifier: Apache-2.0
/**
 * How good answers are: metrics, their uncertainty, and honest comparison.
 *
 * <p>Front door: {@link org.lamella.eval.Metric} for plain arrays.
 *
 * <pre>{@code
 * int[] truth = {0, 1, 1, 0, 2};
 * int[] answers = {0, 1, 0, 0, 2};
 * Metric.named("macro F1").of(truth, answers, 3);
 * Metric.MATTHEWS.of(truth, answers, 3);
 * double[] wanted = {0.5, 1.0, 4.0, 4.5};
 * double[] given = {0.4, 1.5, 3.5, 5.0};
 * Metric.PEARSON.of(wanted, given);
 * Metric.SPEARMAN.of(wanted, given);                // equal numbers share the mean of their ranks
 * }</pre>
 */
@NullMarked
package org.lamella.eval;

import org.jspecify.annotations.NullMarked;
