// SPDX-License-Identifier: Apache-2.0
/**
 * What every cell can call without an import: showing values, evaluating code, calling magics. Same names and signatures as
 * in IJava, so that a notebook runs on either.
 *
 * <pre>{@code
 * String id = display("0 %");
 * for (int done = 1; done <= 10; done++) {
 *     Thread.sleep(100);
 *     updateDisplay(id, done * 10 + " %");
 * }
 * }</pre>
 *
 * <p>Words: a <em>display</em> is a place in the output of a cell; its <em>id</em> lets later code change what it shows.
 */
@NullMarked
package io.github.spencerpark.ijava.runtime;

import org.jspecify.annotations.NullMarked;
