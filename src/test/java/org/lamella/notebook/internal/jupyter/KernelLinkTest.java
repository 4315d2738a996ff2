// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.jupyter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lamella.base.Listing;
import org.lamella.base.Matrix;
import org.lamella.base.Progress;
import org.lamella.base.Progress.State;
import org.lamella.base.chart.Chart;
import org.lamella.notebook.internal.page.Bundle;
import org.lamella.notebook.internal.page.ChartMode;
import org.lamella.notebook.internal.page.Pages;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

class KernelLinkTest {

    private final FakeKernel kernel = FakeKernel.getKernelInstance();
    private final KernelLink link = KernelLink.of(FakeKernel.FAMILY).orElseThrow();
    private final Renderer renderer = kernel.getRenderer();

    @BeforeEach
    void register() {
        Pages pages = Pages.of(ChartMode.STATIC);
        link.renders(Table.class, pages::of);
        link.renders(Figure.class, pages::of);
        link.renders(Listing.class, pages::of);
        link.renders(Bundle.class, bundle -> bundle);
        kernel.shown.clear();
    }

    @Test
    void findsNoKernelInATest() {
        assertThat(KernelLink.of(new KernelLink.Family("none", "no.such.Kernel", "kernel", "no.such.Display")))
                .isEmpty();
    }

    @Test
    void makesTheKernelShowTables() {
        DisplayData data = renderer.render(Table.create("t", StringColumn.create("a", "b")));

        assertThat(data.getData(MIMEType.TEXT_HTML).toString()).startsWith("<div><table");
        assertThat(data.getData(MIMEType.TEXT_PLAIN).toString()).endsWith("1 row × 1 column");
    }

    @Test
    void makesTheKernelShowFiguresOfEveryClass() {
        DisplayData data = renderer.render(Chart.titled("t").note("A sentence.").figure());

        assertThat(data.getData(MIMEType.TEXT_HTML).toString()).contains("<img alt=\"A sentence.\"");
        assertThat(data.getData(MIMEType.IMAGE_PNG).toString()).startsWith("iVBORw0KGgo");
        assertThat(data.getData(MIMEType.TEXT_PLAIN)).isEqualTo("A sentence.");
    }

    @Test
    void makesTheKernelShowListings() {
        DisplayData data = renderer.render(Matrix.of(1, 1, new double[] {0.5}));

        assertThat(data.getData(MIMEType.TEXT_HTML).toString()).contains(">0.5000</td>");
    }

    @Test
    void showsNothingForWorkThatIsSoonDone() {
        ProgressLine line = new ProgressLine(Optional.of(link), true);

        line.on(event(1, 0, State.RUNNING));
        line.on(event(5, 300, State.RUNNING));
        line.on(event(10, 400, State.FINISHED));

        assertThat(kernel.shown).isEmpty();
    }

    @Test
    void changesOneDisplayAtMostFourTimesASecond() {
        ProgressLine line = new ProgressLine(Optional.of(link), true);

        line.on(event(0, 0, State.RUNNING));
        line.on(event(2, 600, State.RUNNING));
        line.on(event(3, 700, State.RUNNING));
        line.on(event(4, 800, State.RUNNING));
        line.on(event(5, 850, State.RUNNING));
        line.on(event(10, 900, State.FINISHED));

        assertThat(kernel.shown)
                .containsExactly(
                        "new: training: 2 of 10 steps · loss 0.5000 · 2 s left",
                        "id-1: training: 5 of 10 steps · loss 0.5000 · 1 s left",
                        "id-1: training: 10 of 10 steps · loss 0.5000 · 1 s");
    }

    @Test
    void saysOnlyThatWorkWasStoppedInACommittedNotebook() {
        ProgressLine line = new ProgressLine(Optional.of(link), false);

        line.on(event(2, 600, State.RUNNING));
        line.on(event(10, 900, State.FINISHED));

        assertThat(kernel.shown).isEmpty();

        line.on(event(4, 950, State.STOPPED));

        assertThat(kernel.shown)
                .containsExactly("new: training stopped at 4 of 10 steps · loss 0.5000 · what was done is kept");
    }

    @Test
    void alwaysSaysThatWorkWasStopped() {
        ProgressLine line = new ProgressLine(Optional.of(link), true);

        line.on(event(2, 100, State.STOPPED));

        assertThat(kernel.shown)
                .containsExactly("new: training stopped at 2 of 10 steps · loss 0.5000 · 0 s · what was done is kept");
    }

    @Test
    void neverEndsTheWorkBecauseALineCannotBeDrawn() {
        KernelLink blind = KernelLink.of(new KernelLink.Family(
                        "blind", FakeKernel.class.getName(), "getKernelInstance", String.class.getName()))
                .orElseThrow();
        ProgressLine line = new ProgressLine(Optional.of(blind), true);

        line.on(event(2, 600, State.RUNNING));
        line.on(event(10, 900, State.FINISHED));

        assertThat(kernel.shown).isEmpty();
    }

    @Test
    void isAServiceThatStaysSilentWithoutAKernel() {
        assertThat(ServiceLoader.load(Progress.Listener.class)).hasAtLeastOneElementOfType(ProgressDisplay.class);
        new ProgressLine(Optional.empty(), true).on(event(2, 600, State.RUNNING));
        assertThat(kernel.shown).isEmpty();
    }

    private static Progress.Event event(long done, long milliseconds, State state) {
        return new Progress.Event(
                "training", done, 10, "steps", Map.of("loss", 0.5), Duration.ofMillis(milliseconds), state);
    }
}
