// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.lamella.base.FormatException;

/**
 * Makes prompts of ScienceQA's questions (Lu et al. 2022) as the layer-wise LoRA paper's code and lmms-eval do: the hint,
 * the question, the choices with letters, and the wish for a letter. What is answered is the letter. A question with a picture
 * begins with its mark.
 */
final class ScienceQuestions {

    private static final List<String> COLUMNS = List.of("prompt", "answer", "image");
    private static final String LETTERS = "ABCDE";
    private static final String WISH = "Answer with the option's letter from the given choices directly.";

    private ScienceQuestions() {}

    /** Returns prompts and letters of a grid with question, choices, answer, and mostly hint and image. */
    static Grid of(Grid grid) {
        int question = grid.column("question", "question");
        int choices = grid.column("choices", "choices");
        int answer = grid.column("answer", "answer");
        int hint = grid.columns().indexOf("hint");
        int image = grid.columns().indexOf("image");
        List<Grid.Row> rows = new ArrayList<>();
        for (Grid.Row row : grid.rows()) {
            List<String> cells = row.cells();
            List<String> options = options(grid, row, cells.get(choices));
            String picture = image < 0 ? "" : cells.get(image);
            rows.add(new Grid.Row(
                    row.where(),
                    List.of(
                            (picture.isBlank() ? "" : "<image>\n")
                                    + prompt(hint < 0 ? "" : cells.get(hint), cells.get(question), options),
                            letter(grid, row, cells.get(answer), options.size()),
                            picture)));
        }
        return new Grid(grid.place(), COLUMNS, rows);
    }

    static String prompt(String hint, String question, List<String> choices) {
        StringBuilder prompt = new StringBuilder();
        if (!hint.isBlank()) {
            prompt.append("Context: ").append(hint).append('\n');
        }
        prompt.append(question).append('\n');
        for (int i = 0; i < choices.size(); i++) {
            prompt.append((char) ('A' + i)).append(". ").append(choices.get(i)).append('\n');
        }
        return prompt.append(WISH).toString();
    }

    private static List<String> options(Grid grid, Grid.Row row, String json) {
        try {
            JsonArray list = JsonParser.parseString(json).getAsJsonArray();
            return list.asList().stream().map(JsonElement::getAsString).toList();
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new FormatException(
                    grid.place(), "choices in " + row.where() + " must be a list of texts; got \"" + json + "\"", e);
        }
    }

    // a letter, or the number of a choice from 0; what is neither counts as the first, as in the authors' code
    private static String letter(Grid grid, Grid.Row row, String answer, int choices) {
        if (answer.length() == 1 && LETTERS.contains(answer)) {
            return answer;
        }
        if (answer.matches("[0-9]{1,2}")) {
            int number = Integer.parseInt(answer);
            return number < LETTERS.length() ? LETTERS.substring(number, number + 1) : "A";
        }
        if (answer.isBlank()) {
            return "";
        }
        throw new FormatException(
                grid.place(),
                "answer in " + row.where() + " must be a letter or a number below " + choices + "; got \"" + answer
                        + "\"");
    }
}
