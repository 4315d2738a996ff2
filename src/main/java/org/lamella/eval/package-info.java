// SPDX-License-Identifier: Apache-2.0
/**
 * How good answers are: metrics, their uncertainty, and honest comparison.
 *
 * <p>Front door: {@link org.lamella.eval.Evaluation} for a model, {@link org.lamella.eval.Metric} for plain arrays.
 *
 * <pre>{@code
 * Task task = Task.load("reuters-r8");
 * Transformer one = Transformer.load("models/one");   // a folder whose model has a head for these labels
 * Transformer two = Transformer.load("models/two");
 * Evaluation first = Evaluation.measure(one, task.test()).named("one");
 * first.value("accuracy");                            // 0.9420 (0.9320 to 0.9513)
 * first.confusion();                                  // which label is taken for which; first.mistakes() has the texts
 * Comparison both = first.against(Evaluation.measure(two, task.test()).named("two"));
 * both.difference("two", "accuracy").excludesZero();  // paired on the same examples
 * both.provenance().warnings();                       // what differs in the recipes beyond the layers
 * Metric.named("macro F1").of(new int[] {0, 1, 1, 2}, new int[] {0, 1, 0, 2}, 3);
 * MathAnswer.GSM8K.right("... The answer is: 18", "She makes $18.\n#### 18");   // what a decoder wrote, what is known
 * List<CodeProblem> problems = CodeProblem.load("humaneval");   // in $LAMELLA_DATA
 * List<List<String>> written = List.of(List.of("    return []"));   // one list of texts a problem
 * CodeMarks.of(CodeSandbox.open(), problems.subList(0, 1), written).pass(1);
 * }</pre>
 *
 * <p>Words defined here: an <em>interval</em> is the 95 % range of 2,000 resamples of the examples; a <em>paired</em>
 * difference resamples both sides alike; the <em>loss</em> is the mean cross-entropy in nats, or the mean squared error.
 * A <em>sandbox</em> runs programs that nobody has read; <em>pass@k</em> is the share of problems of which at least one of k
 * programs passes all tests.
 */
@NullMarked
package org.lamella.eval;

import org.jspecify.annotations.NullMarked;
