// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.jupyter;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.lamella.base.Listing;
import org.lamella.notebook.internal.page.Bundle;
import org.lamella.notebook.internal.page.ChartMode;
import org.lamella.notebook.internal.page.Pages;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/** What one JVM remembers of its notebook: how charts are shown, and which kernel already asks us. */
public final class Session {

    private static final AtomicReference<Pages> PAGES = new AtomicReference<>();
    private static final AtomicReference<Object> KERNEL = new AtomicReference<>();

    private Session() {}

    /** Returns how charts are shown unless something else is said: as {@code LAMELLA_CHARTS} says. */
    public static ChartMode mode() {
        return ChartMode.parse(
                Optional.ofNullable(System.getenv("LAMELLA_CHARTS")).orElse(""));
    }

    /** Says how charts are shown from now on. */
    public static void mode(ChartMode mode) {
        PAGES.set(pages().mode(mode));
    }

    /** Returns the pages of this session. */
    public static Pages pages() {
        PAGES.compareAndSet(null, Pages.of(mode()));
        return Objects.requireNonNull(PAGES.get());
    }

    /** Tells the kernel that runs this code how our values look. Returns it, or nothing when none runs. */
    public static Optional<KernelLink> install() {
        mode(); // a wrong LAMELLA_CHARTS is told here, not at the first chart
        Optional<KernelLink> found = KernelLink.find();
        found.filter(link -> KERNEL.getAndSet(link.kernel()) != link.kernel()).ifPresent(Session::register);
        return found;
    }

    private static void register(KernelLink link) {
        if (System.getProperty("java.awt.headless") == null) {
            // pictures are painted without a screen; on a desktop an icon would appear otherwise
            System.setProperty("java.awt.headless", "true");
        }
        link.renders(Table.class, table -> pages().of(table));
        link.renders(Figure.class, figure -> pages().of(figure));
        link.renders(Listing.class, listing -> pages().of(listing));
        link.renders(Bundle.class, bundle -> bundle);
    }
}
