// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.jupyter;

import java.time.Duration;
import java.util.Optional;
import org.lamella.base.Progress;
import org.lamella.notebook.internal.page.Bundle;
import org.lamella.notebook.internal.page.ProgressPage;
import org.lamella.notebook.internal.page.Sparkline;

/** One display that a piece of work gets when it lasts, and that changes in place until it ends. */
final class ProgressLine {

    private static final Duration BEFORE_IT_SHOWS = Duration.ofMillis(500);
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(250);

    private final Optional<KernelLink> kernel;
    private final boolean times;
    private final Sparkline curve = Sparkline.empty();
    private Optional<String> id = Optional.empty();
    private Duration shown = Duration.ZERO;

    ProgressLine(Optional<KernelLink> kernel, boolean times) {
        this.kernel = kernel;
        this.times = times;
    }

    void on(Progress.Event event) {
        if (kernel.isEmpty()) {
            return;
        }
        Double loss = event.numbers().get("loss");
        if (loss != null) {
            curve.add(loss);
        }
        boolean ended = event.state() != Progress.State.RUNNING;
        boolean late = event.elapsed().compareTo(BEFORE_IT_SHOWS) >= 0;
        boolean due = id.isEmpty() || event.elapsed().minus(shown).compareTo(BETWEEN_CHANGES) >= 0;
        // a committed notebook keeps the last line only; what was stopped is always said
        boolean wanted = ended ? late || event.state() == Progress.State.STOPPED : late && due && times;
        if (wanted) {
            show(kernel.get(), ProgressPage.of(event, curve, times));
            shown = event.elapsed();
        }
    }

    private void show(KernelLink link, Bundle bundle) {
        if (id.isEmpty()) {
            id = Optional.of(link.display(bundle));
        } else {
            link.update(id.get(), bundle);
        }
    }
}
