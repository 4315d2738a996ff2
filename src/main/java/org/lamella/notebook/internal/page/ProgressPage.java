// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.base.Progress;

/** Writes how far a piece of work is: a bar with numbers while it runs, one quiet line when it has ended. */
public final class ProgressPage {

    private ProgressPage() {}

    /**
     * Returns the display of an event.
     *
     * @param event how the work stands
     * @param curve the loss so far
     * @param times whether times and speeds may be said
     */
    public static Bundle of(Progress.Event event, Sparkline curve, boolean times) {
        String text = text(event, times);
        boolean running = event.state() == Progress.State.RUNNING;
        return running
                ? Bundle.of(running(event, curve, text), event.text().isEmpty() ? text : text + "\n\n" + event.text())
                : Bundle.of(ended(event, text), text);
    }

    private static String running(Progress.Event event, Sparkline curve, String text) {
        double share = event.total() > 0 ? Math.min(1.0, (double) event.done() / event.total()) : 0;
        String bar = event.total() <= 0
                ? ""
                : "<div style=\"height:6px;border-radius:3px;background:rgba(128,128,128,0.25);margin:4px 0\">"
                        + "<div style=\"height:6px;border-radius:3px;background:#0072B2;width:"
                        + String.format(Locale.ROOT, "%.1f", share * 100) + "%\"></div></div>";
        String picture = curve.html("loss");
        return "<div style=\"max-width:720px;font-variant-numeric:tabular-nums\"><div>" + Html.escape(text)
                + (picture.isEmpty() ? "" : " " + picture) + "</div>" + bar
                + written(event.text())
                + "<div style=\"color:#808080;font-size:85%\">■ stops and keeps what was done</div></div>";
    }

    // as a model writes it, line by line
    private static String written(String text) {
        return text.isEmpty()
                ? ""
                : "<div style=\"white-space:pre-wrap;overflow-wrap:anywhere;margin:6px 0\">" + Html.escape(text)
                        + "</div>";
    }

    private static String ended(Progress.Event event, String text) {
        String color = event.state() == Progress.State.STOPPED ? "#D55E00" : "#808080";
        return "<div style=\"color:" + color + ";font-variant-numeric:tabular-nums\">" + Html.escape(text) + "</div>";
    }

    private static String text(Progress.Event event, boolean times) {
        List<String> parts = new ArrayList<>();
        boolean stopped = event.state() == Progress.State.STOPPED;
        parts.add(event.work() + (stopped ? " stopped at " : ": ") + amount(event));
        event.numbers().forEach((name, value) -> {
            if (times || !timed(name)) {
                parts.add(name + " " + (Double.isFinite(value) ? NumberText.of(value, true) : TableView.MISSING));
            }
        });
        if (times && event.state() == Progress.State.RUNNING && !event.left().isZero()) {
            parts.add(duration(event.left()) + " left");
        } else if (times && event.state() != Progress.State.RUNNING) {
            parts.add(duration(event.elapsed()));
        }
        return String.join(" · ", parts) + (stopped ? " · what was done is kept" : "");
    }

    private static String amount(Progress.Event event) {
        String done = String.format(Locale.ROOT, "%,d", event.done());
        return event.total() > 0
                ? done + " of " + String.format(Locale.ROOT, "%,d", event.total()) + " " + event.unit()
                : done + " " + event.unit();
    }

    private static boolean timed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("second") || lower.endsWith("/s") || lower.contains("time");
    }

    static String duration(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
