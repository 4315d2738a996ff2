// SPDX-License-Identifier: Apache-2.0
/**
 * Charts that every room draws the same way: lines with their intervals, bars with error bars, marks and heat maps.
 *
 * <p>Front door: {@link org.lamella.base.chart.Chart}. It ends in a plain {@code tech.tablesaw.plotly} figure, so that
 * whoever knows jsplot can go on with it; room {@code notebook} shows it live in JupyterLab and as a picture elsewhere.
 *
 * <pre>{@code
 * Figure figure = Chart.titled("Loss by boundary")
 *         .horizontal("layers kept")
 *         .vertical("loss")
 *         .band("loss", new double[] {0, 1, 2}, new double[] {2.1, 0.9, 0.4},
 *                 new double[] {1.9, 0.8, 0.3}, new double[] {2.3, 1.0, 0.5})
 *         .mark(2, "boundary")
 *         .note("The loss falls from 2.1 to 0.4; the boundary lies at 2 of 2 layers.")
 *         .figure();
 * }</pre>
 *
 * <p>Words defined here: a <em>band</em> is a line with the interval of each of its points; a <em>mark</em> is a dashed
 * vertical line with a label; a <em>note</em> is the one sentence that says what a picture shows.
 */
@NullMarked
package org.lamella.base.chart;

import org.jspecify.annotations.NullMarked;
