// SPDX-License-Identifier: Apache-2.0
/**
 * Turns any jsplot figure into Plotly's JSON, into a static SVG and into a PNG, without a browser.
 *
 * <p>Front door: {@link org.lamella.notebook.internal.picture.Picture}. The same figure always gives the same bytes.
 *
 * <pre>{@code
 * var picture = org.lamella.notebook.internal.picture.Picture.of(Chart.titled("nothing yet").figure());
 * picture.json();      // {"data": [...], "layout": {...}}
 * picture.svg();       // <svg ...
 * picture.png();       // twice the size, or nothing where the machine has no fonts
 * picture.sentence();  // what it shows, for whoever sees no picture
 * }</pre>
 *
 * <p>Words defined here: the <em>words</em> of a figure are Plotly's names and values as maps and lists; a
 * <em>layer</em> of a picture draws one kind of trace on two axes.
 */
@NullMarked
package org.lamella.notebook.internal.picture;

import org.jspecify.annotations.NullMarked;
