// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import org.lamella.base.Listing;
import org.lamella.notebook.internal.jupyter.Session;
import org.lamella.notebook.internal.page.ChartMode;

/**
 * The front door of the notebook: makes tables, results and charts look well in Jupyter, and answers whether a machine
 * is ready.
 *
 * <p>How charts are shown is said by the environment variable {@code LAMELLA_CHARTS}: {@code live} (the default; a
 * picture that becomes a live chart where scripts may run), {@code static} (pictures only and no times, for notebooks
 * that are committed) or {@code json} (also Plotly's JSON). No picture, live or not, ever needs the network.
 */
public final class Notebook {

    private Notebook() {}

    /**
     * Makes the running kernel show tables, figures, listings, results and progress as this library does.
     *
     * <p>Works with our kernel, IJava and JJava. Does nothing where no kernel runs, and nothing the second time.
     */
    public static void install() {
        Session.install();
    }

    /**
     * Says whether charts are also sent as {@code application/vnd.plotly.v1+json}, for front ends that draw Plotly
     * themselves; without it they are shown as {@code LAMELLA_CHARTS} says.
     */
    public static void plotlyJson(boolean wanted) {
        Session.mode(wanted ? ChartMode.JSON : Session.mode());
    }

    /** Returns an empty list of the numbers that the prose states, to be filled with what came out at this scale. */
    public static Expectations check(Scale scale) {
        return Expectations.at(scale);
    }

    /** Returns one row for each part that the library stands on: whether it is there, what was seen, what to do. */
    public static Listing doctor() {
        return Doctor.standard();
    }

    /** Returns what this process holds now: Java's heap, the whole process, open tensors. */
    public static Listing memory() {
        return new Memory();
    }
}
