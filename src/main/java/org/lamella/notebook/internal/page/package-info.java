// SPDX-License-Identifier: Apache-2.0
/**
 * What a notebook shows: tables, results and charts as bundles of HTML, PNG and text, and the line of a progress.
 *
 * <p>Front door: {@link org.lamella.notebook.internal.page.Pages}. Everything a page needs is inside it: inline styles,
 * pictures as data, no address of any other place. Without scripts, without styles and without a kernel it still reads.
 *
 * <pre>{@code
 * var pages = org.lamella.notebook.internal.page.Pages.of(org.lamella.notebook.internal.page.ChartMode.STATIC);
 * var bundle = pages.of(Table.create("nothing yet"));
 * bundle.text();                                  // a monospaced table
 * bundle.html();                                  // the table of the notebook
 * pages.of(Chart.titled("nothing yet").figure()).metadata().get("image/png");   // {width=720, height=400}
 * }</pre>
 *
 * <p>Words defined here: a <em>bundle</em> is one output in several forms, of which the front end shows the richest it
 * can; <em>static</em> pages hold no script and no time, so that a committed notebook stays the same.
 */
@NullMarked
package org.lamella.notebook.internal.page;

import org.jspecify.annotations.NullMarked;
