// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.util.Optional;

/** Writes a table for a page. Every cell says its own alignment, since JupyterLab's style would turn texts right. */
final class TableHtml {

    private static final int MOST_LETTERS = 120;
    private static final int SIDE = 64; // of a thumbnail, in pixels
    private static final int MOST_IN_TITLE = 2000;
    private static final String CELL = "padding:3px 10px;border-bottom:1px solid rgba(128,128,128,0.25);";

    private TableHtml() {}

    static String of(TableView view) {
        StringBuilder html = new StringBuilder("<div><table style=\"border-collapse:collapse;border:none;margin:0;"
                + "font-variant-numeric:tabular-nums\"><thead><tr>");
        for (TableView.Shown column : view.columns()) {
            html.append("<th title=\"")
                    .append(Html.escape(column.type()))
                    .append("\" style=\"")
                    .append(CELL);
            html.append(align(column)).append(";font-weight:600;white-space:nowrap\">");
            html.append(Html.escape(column.name())).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        int rows = view.columns().isEmpty() ? 0 : view.columns().get(0).cells().size();
        for (int r = 0; r < rows; r++) {
            html.append("<tr>");
            for (TableView.Shown column : view.columns()) {
                html.append(cell(column, r, rows == 1));
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table><div style=\"color:#808080;font-size:85%;padding:3px 10px\">")
                .append(Html.escape(view.footer()))
                .append("</div></div>")
                .toString();
    }

    // of a single row texts are shown whole, as a model or a person wrote them
    private static String cell(TableView.Shown column, int row, boolean alone) {
        String text = column.cells().get(row);
        String start = "<td style=\"" + CELL + align(column) + "\"";
        if (column.missing().get(row)) {
            return start + "><span style=\"color:#999999\">" + TableView.MISSING + "</span></td>";
        }
        // what cannot be decoded shows its name alone
        Optional<String> thumbnail = column.pictures().isEmpty()
                ? Optional.empty()
                : column.pictures().get(row).flatMap(picture -> Thumbnail.of(picture, SIDE));
        if (thumbnail.isPresent()) {
            return start + ">" + thumbnail.get() + "</td>";
        }
        if (alone && !column.number() && (text.length() > MOST_LETTERS || text.contains("\n"))) {
            return "<td style=\"" + CELL + align(column)
                    + ";white-space:pre-wrap;overflow-wrap:anywhere;min-width:12em\">" + Html.escape(text) + "</td>";
        }
        if (text.length() <= MOST_LETTERS) {
            return start + ">" + Html.escape(text) + "</td>";
        }
        String whole = text.length() <= MOST_IN_TITLE ? text : cut(text, MOST_IN_TITLE);
        return start + " title=\"" + Html.escape(whole) + "\">" + Html.escape(cut(text, MOST_LETTERS)) + "</td>";
    }

    private static String align(TableView.Shown column) {
        return column.number() ? "text-align:right;white-space:nowrap" : "text-align:left";
    }

    /** Cuts after so many letters, never inside one that takes two places. */
    static String cut(String text, int most) {
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end).stripTrailing() + "…";
    }
}
