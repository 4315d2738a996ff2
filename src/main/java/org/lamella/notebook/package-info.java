// SPDX-License-Identifier: Apache-2.0
/**
 * How the library looks in Jupyter: tables, results, charts and progress; how large a notebook runs; whether a machine is
 * ready.
 *
 * <p>Front door: {@link org.lamella.notebook.Notebook}. {@code environment/imports.jsh} calls
 * {@link org.lamella.notebook.Notebook#install}, so that in a notebook nothing needs to be called: a cell that ends in a
 * table, a figure or a result shows it. It works with our kernel, with IJava and with JJava, and does nothing elsewhere.
 *
 * <pre>{@code
 * var scale = Scale.laptop();                       // LAMELLA_SCALE=quick overrides it
 * int documents = scale.pick(64, 800, 5485);
 * Notebook.doctor();                                // one line a part: ok or missing, and the remedy
 * Notebook.memory();                                // heap, process, open tensors
 * Notebook.check(scale)                             // the last cell of a notebook
 *         .expects("documents", documents, 800, 0)
 *         .expects("ways agree", true, true)
 *         .done();                                  // fails at laptop scale only
 * }</pre>
 *
 * <p>Words defined here: the <em>scale</em> of a notebook is how much it does, {@code quick}, {@code laptop} or
 * {@code paper}; a number is <em>stated</em> when the prose of a notebook says it; a <em>part</em> is what a machine
 * needs before something runs.
 */
@NullMarked
package org.lamella.notebook;

import org.jspecify.annotations.NullMarked;
