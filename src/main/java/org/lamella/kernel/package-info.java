// SPDX-License-Identifier: Apache-2.0
/**
 * The Jupyter kernel: Java cells run by JShell in one virtual machine, over the protocol classes of basekernel, with IJava's
 * names, magics and environment variables. It knows nothing of the library; a notebook reaches that through the class path.
 *
 * <p>Nobody calls this package from Java: Jupyter starts {@code lamella-kernel.jar}, whose front door is {@link
 * org.lamella.kernel.Kernel}, and cells use the functions of {@code io.github.spencerpark.ijava.runtime}. Whoever embeds the
 * kernel runs it with a connection file:
 *
 * <pre>{@code
 * String[] arguments = {"connection.json"};
 * Optional<io.github.spencerpark.ijava.JavaKernel> running = org.lamella.kernel.Kernel.running();
 * running.ifPresent(kernel -> kernel.addToClasspath("more.jar"));
 * }</pre>
 *
 * <p>A request comes in on a socket of {@code Connection}, {@code Answers} answers it; a cell goes on to {@code Cells}, which
 * asks {@code Evaluator}, which cuts it into statements and magics ({@code CellSource}), lets JShell compile them and {@code
 * Execution} run them. What they print collects in {@code CellOutput}.
 *
 * <p>Words. A <em>cell</em> is the code of one request. The <em>notebook thread</em> runs all code of cells; the
 * <em>evaluator thread</em> compiles and is never interrupted; neither touches a socket that an interrupt could close. A
 * <em>snippet</em> is one statement or declaration in JShell's hands. To <em>weave</em> is to add the question "stop?" to
 * the loops of snippets. A <em>magic</em> is a line that starts with a percent sign where Java could not have one. A
 * <em>bundle</em> is one value in several formats, of which the front end shows the best that it can.
 *
 * <p>An interrupt ({@code ■}) first interrupts the notebook thread. A library that answers by returning early has handled it,
 * and the cell goes on with what it returned; a loop of the cell that goes on all the same is ended by the woven question.
 */
@NullMarked
package org.lamella.kernel;

import org.jspecify.annotations.NullMarked;
