// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.jupyter;

import org.lamella.base.Progress;
import org.lamella.notebook.internal.page.ChartMode;

/**
 * Shows the progress of one piece of work in the notebook that runs it; does nothing where no notebook does.
 *
 * @param line the line it writes
 */
public record ProgressDisplay(ProgressLine line) implements Progress.Listener {

    /** Links to the running kernel, if there is one; called for each piece of work, as a service is. */
    public ProgressDisplay() {
        this(new ProgressLine(Session.install(), Session.mode() != ChartMode.STATIC));
    }

    @Override
    public void on(Progress.Event event) {
        line.on(event);
    }
}
