// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import org.lamella.base.picture.Gallery;

/** Writes pictures beside each other for a page, words below each; what is marked has a border that shows without colour, too. */
final class GalleryHtml {

    private static final int MOST = 60;
    private static final int SIDE = 96; // pixels
    private static final int MOST_LETTERS = 60;

    private GalleryHtml() {}

    static String of(Gallery gallery) {
        StringBuilder html = new StringBuilder("<div><div style=\"font-weight:600;padding:3px 4px\">")
                .append(Html.escape(gallery.title()))
                .append("</div><div style=\"display:flex;flex-wrap:wrap\">");
        gallery.tiles().stream().limit(MOST).forEach(tile -> tile(html, tile));
        html.append("</div>");
        if (gallery.tiles().size() > MOST) {
            html.append("<div style=\"color:#808080;font-size:85%;padding:3px 4px\">first ")
                    .append(MOST)
                    .append(" of ")
                    .append(gallery.tiles().size())
                    .append("</div>");
        }
        return html.append("</div>").toString();
    }

    private static void tile(StringBuilder html, Gallery.Tile tile) {
        html.append("<div style=\"width:")
                .append(SIDE + 24)
                .append("px;margin:4px;padding:6px;text-align:center;font-size:85%;border:")
                .append(tile.marked() ? "2px dashed #D55E00" : "1px solid rgba(128,128,128,0.25)")
                .append("\">")
                .append(Thumbnail.of(tile.picture(), SIDE)
                        .orElse(Html.escape(tile.picture().name())));
        for (String line : tile.lines()) {
            String cut = line.length() > MOST_LETTERS ? TableHtml.cut(line, MOST_LETTERS) : line;
            html.append("<div>").append(Html.escape(cut)).append("</div>");
        }
        html.append("</div>");
    }
}
