// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.jupyter;

import java.time.Duration;
import java.util.Optional;
import org.lamella.base.Progress;
import org.lamella.notebook.internal.page.Bundle;
import org.lamella.notebook.internal.page.ProgressPage;
import org.lamella.notebook.internal.page.Sparkline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One display that a piece of work gets when it lasts, and that changes in place until it ends. */
final class ProgressLine {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressLine.class);
    private static final Duration BEFORE_IT_SHOWS = Duration.ofMillis(500);
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(250);

    private final Optional<KernelLink> kernel;
    private final boolean times;
    private final Sparkline curve = Sparkline.empty();
    private Optional<String> id = Optional.empty();
    private Duration shown = Duration.ZERO;
    private boolean broken;

    ProgressLine(Optional<KernelLink> kernel, boolean times) {
        this.kernel = kernel;
        this.times = times;
    }

    void on(Progress.Event event) {
        if (kernel.isEmpty() || broken) {
            return;
        }
        Double loss = event.numbers().get("loss");
        if (loss != null) {
            curve.add(loss);
        }
        boolean ended = event.state() != Progress.State.RUNNING;
        boolean late = event.elapsed().compareTo(BEFORE_IT_SHOWS) >= 0;
        boolean due = id.isEmpty() || event.elapsed().minus(shown).compareTo(BETWEEN_CHANGES) >= 0;
        // whether work lasts depends on the machine, so a committed notebook says only that it was stopped
        boolean wanted = event.state() == Progress.State.STOPPED || (times && late && (ended || due));
        if (wanted) {
            show(kernel.get(), ProgressPage.of(event, curve, times));
            shown = event.elapsed();
        }
    }

    private void show(KernelLink link, Bundle bundle) {
        try {
            if (id.isEmpty()) {
                id = Optional.of(link.display(bundle));
            } else {
                link.update(id.get(), bundle);
            }
        } catch (IllegalStateException e) {
            // hours of work must not end because a line about them could not be drawn
            broken = true;
            LOG.warn("progress is not shown any more: {}", e.getMessage());
        }
    }
}
