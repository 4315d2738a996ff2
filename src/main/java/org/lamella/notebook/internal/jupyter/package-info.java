// SPDX-License-Identifier: Apache-2.0
/**
 * The link to whichever Jupyter kernel runs this library: ours, IJava or JJava. Found by reflection, never needed.
 *
 * <p>Front door: {@link org.lamella.notebook.internal.jupyter.KernelLink}. Without a kernel (a test, a program, plain
 * jshell) there is no link and nothing is displayed.
 *
 * <pre>{@code
 * var bundle = org.lamella.notebook.internal.page.Bundle.of("<b>1</b>", "1");
 * var kernel = org.lamella.notebook.internal.jupyter.KernelLink.find();
 * kernel.ifPresent(link -> link.renders(String.class, text -> bundle));
 * kernel.ifPresent(link -> {
 *     String id = link.display(bundle);
 *     link.update(id, bundle);
 * });
 * }</pre>
 *
 * <p>Words defined here: a <em>renderer</em> is what a kernel asks how to show a value of some type.
 */
@NullMarked
package org.lamella.notebook.internal.jupyter;

import org.jspecify.annotations.NullMarked;
