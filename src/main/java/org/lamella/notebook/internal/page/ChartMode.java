// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.lamella.base.Names;

/** How charts are shown. */
public enum ChartMode {
    /** A picture, which a script replaces by a live chart where Plotly is at hand. */
    LIVE,
    /** A picture only, and no times anywhere: for notebooks that are committed. */
    STATIC,
    /** As live, and Plotly's JSON for front ends that draw it themselves. */
    JSON;

    /** Returns the mode that {@code LAMELLA_CHARTS} names; live when it is empty. */
    public static ChartMode parse(String name) {
        List<String> names = Arrays.stream(values())
                .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                .toList();
        int place = name.isBlank() ? 0 : names.indexOf(name.strip().toLowerCase(Locale.ROOT));
        if (place < 0) {
            throw new IllegalArgumentException("LAMELLA_CHARTS must be live, static or json; got \"" + name + "\""
                    + Names.didYouMean(name, names));
        }
        return values()[place];
    }
}
