// SPDX-License-Identifier: Apache-2.0
/**
 * The link to whichever Jupyter kernel runs this library: ours, IJava or JJava. Found by reflection, never needed.
 *
 * <p>Front door: {@link org.lamella.notebook.internal.jupyter.KernelLink}. Without a kernel (a test, a program, plain
 * jshell) there is no link and nothing is displayed.
 *
 * <pre>{@code
 * Optional<KernelLink> link = KernelLink.find();
 * link.ifPresent(kernel -> kernel.renders(Table.class, table -> pages.of(table)));
 * link.ifPresent(kernel -> {
 *     String id = kernel.display(Bundle.of("<b>1</b>", "1"));
 *     kernel.update(id, Bundle.of("<b>2</b>", "2"));
 * });
 * }</pre>
 *
 * <p>Words defined here: a <em>renderer</em> is what a kernel asks how to show a value of some type.
 */
@NullMarked
package org.lamella.notebook.internal.jupyter;

import org.jspecify.annotations.NullMarked;
