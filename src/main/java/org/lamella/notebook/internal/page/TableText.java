// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import java.util.ArrayList;
import java.util.List;

/** Writes a table for a terminal: numbers to the right, texts to the left, two blanks between. */
final class TableText {

    private static final int MOST_LETTERS = 60;

    private TableText() {}

    static String of(TableView view) {
        int rows = view.columns().isEmpty() ? 0 : view.columns().get(0).cells().size();
        List<StringBuilder> lines = new ArrayList<>();
        for (int i = 0; i < rows + 2; i++) {
            lines.add(new StringBuilder());
        }
        for (TableView.Shown column : view.columns()) {
            List<String> texts = new ArrayList<>();
            texts.add(oneLine(column.name()));
            column.cells().forEach(cell -> texts.add(oneLine(cell)));
            int width = texts.stream().mapToInt(String::length).max().orElse(0);
            texts.add(1, "-".repeat(width));
            for (int i = 0; i < texts.size(); i++) {
                String gap = " ".repeat(width - texts.get(i).length());
                StringBuilder line = lines.get(i);
                line.append(line.isEmpty() ? "" : "  ");
                line.append(column.number() ? gap + texts.get(i) : texts.get(i) + gap);
            }
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.toString().stripTrailing()).append('\n'));
        return text.append(view.footer()).toString();
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MOST_LETTERS ? line : TableHtml.cut(line, MOST_LETTERS);
    }
}
