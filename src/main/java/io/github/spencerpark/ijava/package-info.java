// SPDX-License-Identifier: Apache-2.0
/**
 * The names that a notebook written for IJava uses, over our kernel. No code of IJava is in here.
 *
 * <p>Words: the <em>kernel instance</em> is the running kernel; code finds it through {@link
 * io.github.spencerpark.ijava.runtime.Kernel#getKernelInstance()}, on IJava and on ours alike, and its renderer is where
 * pictures of types are registered.
 *
 * <pre>{@code
 * getKernelInstance().getRenderer()
 *         .createRegistration(Point.class)
 *         .preferring(MIMEType.TEXT_HTML)
 *         .register((point, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<b>" + point + "</b>"));
 * }</pre>
 */
@NullMarked
package io.github.spencerpark.ijava;

import org.jspecify.annotations.NullMarked;
