// SPDX-License-Identifier: Apache-2.0
/**
 * Many runs that belong together: the protocols and numbers of the first paper, seeds and grids, and a journal from which
 * they go on.
 *
 * <p>Front door: {@link org.lamella.study.Study}. Second door: {@link org.lamella.study.Paper}, what
 * <a href="https://arxiv.org/abs/2602.05988">the paper on choosing layers by CKA</a> published.
 *
 * <pre>{@code
 * GlueProtocol rte = Paper.glue("roberta-base", "rte");        // mask, recipe, training, evaluation, exactly as published
 * rte.provenance();                                            // and each quirk, with what happens here
 * Transformer model = Transformer.load("roberta-base");
 * Trial trial = rte.run(model, 0);                             // one seed: trains, then measures on validation
 * Paper.compare(rte.scores(model), "roberta-base", "rte");     // our layers beside theirs, and how near each choice was
 * Findings found = Study.seeds(rte, 0, 1, 2)
 *         .vary(rte.ablations().heuristics())                              // or counts(scores), ranks(), a Factor of your own
 *         .journal(Path.of("target/studies/rte.jsonl"))        // run again: finished runs are read, not repeated
 *         .run(model);
 * found.against("published");                                  // mean, deviation over seeds, intervals, paired differences
 * }</pre>
 *
 * <p>Words defined here: an <em>experiment</em> is a recipe, a training, the examples to learn from and those to measure
 * on; a <em>factor</em> is what a study varies, in named <em>levels</em>; a <em>cell</em> is one choice of levels; a
 * <em>run</em> is a cell with a seed; a <em>quirk</em> is something the published code does that the paper does not say.
 */
@NullMarked
package org.lamella.study;

import org.jspecify.annotations.NullMarked;
