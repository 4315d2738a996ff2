// SPDX-License-Identifier: Apache-2.0
/**
 * The words every other room speaks: results, sets of layers, seeds, intervals, progress and provenance.
 *
 * <p>Front door: {@link org.lamella.base.Result}. Nothing here knows a model, a file or a tensor; every value is plain
 * Java and outlives whatever it was computed from.
 *
 * <pre>{@code
 * LayerSet half = LayerSet.parse("010011");
 * half.indices();                                   // [1, 4, 5]
 * half.complement();                                // 101100, layers [0, 2, 3] of 6
 * LayerSet.all(6).random(3, 7);                     // the same three layers each time
 * double[] hits = {1, 0, 1, 1, 1, 0, 1, 1};
 * Interval accuracy = Bootstrap.standard(new Seed(0)).mean(hits);
 * accuracy.low();                                   // lower end of the 95 % interval
 * try (Progress progress = Progress.start("reading", 100, "files")) {
 *     progress.step(1);                             // false once the person asked to stop
 * }
 * }</pre>
 *
 * <p>Words defined here: a <em>layer</em> is one transformer block, counted from 0; a <em>mask</em> prints a set of
 * layers as zeros and ones, layer 0 first; the <em>provenance</em> of a result is what it takes to make it again.
 */
@NullMarked
package org.lamella.base;

import org.jspecify.annotations.NullMarked;
