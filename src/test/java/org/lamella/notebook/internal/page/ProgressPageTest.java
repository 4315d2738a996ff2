// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.base.Progress;
import org.lamella.base.Progress.State;

class ProgressPageTest {

    @Test
    void showsABarNumbersTimeLeftAndHowToStop() {
        Sparkline curve = Sparkline.empty();
        for (int i = 0; i < 1000; i++) {
            curve.add(1.0 / (i + 1));
        }

        Bundle bundle = ProgressPage.of(event(400, State.RUNNING), curve, true);

        assertThat(bundle.text())
                .isEqualTo("training: 400 of 1,600 steps · loss 0.4321 · tokens per second 5210 · 1 min 30 s left");
        assertThat(bundle.html())
                .contains("width:25.0%", "■ stops and keeps what was done", "<img alt=\"loss so far\"")
                .doesNotContain("http");
    }

    @Test
    void endsInOneQuietLine() {
        Bundle bundle = ProgressPage.of(event(1600, State.FINISHED), Sparkline.empty(), true);

        assertThat(bundle.html())
                .isEqualTo("<div style=\"color:#808080;font-variant-numeric:tabular-nums\">"
                        + "training: 1,600 of 1,600 steps · loss 0.4321 · tokens per second 5210 · 30 s</div>");
    }

    @Test
    void saysNoTimesInACommittedNotebook() {
        Bundle bundle = ProgressPage.of(event(1600, State.FINISHED), Sparkline.empty(), false);

        assertThat(bundle.text()).isEqualTo("training: 1,600 of 1,600 steps · loss 0.4321");
    }

    @Test
    void saysThatWhatWasDoneIsKeptWhenStopped() {
        Bundle bundle = ProgressPage.of(event(80, State.STOPPED), Sparkline.empty(), false);

        assertThat(bundle.text())
                .isEqualTo("training stopped at 80 of 1,600 steps · loss 0.4321 · what was done is kept");
    }

    @Test
    void showsWhatIsWrittenWhileItGrows() {
        Progress.Event event = new Progress.Event(
                "writing", 3, 0, "tokens", Map.of(), Duration.ofSeconds(1), State.RUNNING, "a <b>\n  c");

        Bundle bundle = ProgressPage.of(event, Sparkline.empty(), true);

        assertThat(bundle.text()).isEqualTo("writing: 3 tokens\n\na <b>\n  c");
        assertThat(bundle.html()).contains("white-space:pre-wrap", ">a &lt;b&gt;\n  c</div>");
    }

    @Test
    void countsWhereTheTotalIsNotKnown() {
        Progress.Event event = new Progress.Event(
                "reading", 12, 0, "files", Map.of("loss", Double.NaN), Duration.ofSeconds(1), State.RUNNING);

        Bundle bundle = ProgressPage.of(event, Sparkline.empty(), true);

        assertThat(bundle.text()).isEqualTo("reading: 12 files · loss –");
        assertThat(bundle.html()).doesNotContain("height:6px");
    }

    @Test
    void writesDurationsShortly() {
        assertThat(ProgressPage.duration(Duration.ofMillis(900))).isEqualTo("1 s");
        assertThat(ProgressPage.duration(Duration.ofSeconds(3700))).isEqualTo("1 h 1 min");
    }

    private static Progress.Event event(long done, State state) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("loss", 0.43211);
        numbers.put("tokens per second", 5210.0);
        return new Progress.Event("training", done, 1600, "steps", numbers, Duration.ofSeconds(30), state);
    }
}
