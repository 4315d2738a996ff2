// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import org.lamella.notebook.internal.picture.Picture;

/** Writes a chart for a page: a picture that needs nothing, and a script that makes it live where Plotly is at hand. */
final class ChartHtml {

    private ChartHtml() {}

    /** Returns the picture alone. */
    static String still(Picture picture) {
        return place(picture, "");
    }

    /**
     * Returns the picture with a script that hands the figure to Plotly, now or when it has come.
     *
     * @param number the number of this chart in its session; with the content it makes a name that two open notebooks
     *     do not share
     */
    static String live(Picture picture, int number) {
        String name = name(picture, number);
        return place(picture, " data-lamella-chart=\"" + name + "\"")
                + "\n<script type=\"text/javascript\">(window.__lamellaPlotly=window.__lamellaPlotly||[]).push({name:\""
                + name + "\",figure:" + picture.json() + "});</script>";
    }

    private static String place(Picture picture, String attributes) {
        String svg = Base64.getEncoder().encodeToString(picture.svg().getBytes(StandardCharsets.UTF_8));
        return "<div" + attributes + " style=\"max-width:" + picture.width() + "px\"><img alt=\""
                + Html.escape(picture.sentence()) + "\" width=\"" + picture.width() + "\" height=\""
                + picture.height() + "\" style=\"max-width:100%;height:auto;border-radius:4px\" "
                + "src=\"data:image/svg+xml;base64," + svg + "\"></div>";
    }

    private static String name(Picture picture, int number) {
        CRC32 sum = new CRC32();
        sum.update(picture.json().getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "chart-%d-%08x", number, sum.getValue());
    }
}
