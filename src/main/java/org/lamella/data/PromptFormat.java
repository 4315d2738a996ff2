// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.regex.Pattern;

/**
 * What stands around a prompt and its answer before a model sees them: {@code {prompt}} and {@code {answer}} in a text.
 *
 * <pre>{@code
 * task.format(PromptFormat.alpaca())
 * task.format(PromptFormat.of("Question: {prompt}\nAnswer: {answer}"))
 * }</pre>
 *
 * <p>White space before {@code {answer}} counts to the answer: word pieces begin with their blank, and a prompt that ends
 * in one would be cut into other tokens than the whole. The model adds its last token after the answer.
 */
public final class PromptFormat {

    private static final String PROMPT = "{prompt}";
    private static final String ANSWER = "{answer}";
    private static final Pattern BLANK = Pattern.compile("\\s*$");
    private static final String HEADER =
            "Below is an instruction that describes a task. Write a response that appropriately"
                    + " completes the request.\n\n### Instruction:\n{prompt}\n\n### Response:";

    private final String code;
    private final String before;
    private final String between;
    private final String first;
    private final String after;

    private PromptFormat(String code, String before, String between, String first, String after) {
        this.code = code;
        this.before = before;
        this.between = between;
        this.first = first;
        this.after = after;
    }

    /**
     * Returns the format of a text.
     *
     * @param text with {@code {prompt}} once, and after it {@code {answer}} once; without, the answer stands at the end
     */
    public static PromptFormat of(String text) {
        return of("PromptFormat.of(" + Code.of(text) + ")", text);
    }

    private static PromptFormat of(String code, String text) {
        String whole = text.contains(ANSWER) ? text : text + ANSWER;
        int prompt = whole.indexOf(PROMPT);
        int answer = whole.indexOf(ANSWER);
        boolean once = prompt >= 0 && prompt == whole.lastIndexOf(PROMPT) && answer == whole.lastIndexOf(ANSWER);
        if (!once || answer < prompt) {
            throw new IllegalArgumentException(
                    "format must hold {prompt} once and after it {answer} once; got " + Code.of(text));
        }
        String between = whole.substring(prompt + PROMPT.length(), answer);
        String kept = BLANK.matcher(between).replaceFirst("");
        return new PromptFormat(
                code,
                whole.substring(0, prompt),
                kept,
                between.substring(kept.length()),
                whole.substring(answer + ANSWER.length()));
    }

    /** Returns the format that adds nothing: the answer follows its prompt at once. */
    public static PromptFormat plain() {
        return of("PromptFormat.plain()", PROMPT + ANSWER);
    }

    /**
     * Returns Alpaca's format without an input, as both papers train on it: the answer follows {@code ### Response:}
     * without a blank and ends with a new line (layer-wise LoRA, the authors' code).
     */
    public static PromptFormat alpaca() {
        return of("PromptFormat.alpaca()", HEADER + ANSWER + "\n");
    }

    /**
     * Returns the format in which the layer-wise LoRA paper asks GSM8K and MATH: Alpaca's with "Let's think step by step."
     * after {@code ### Response:}, which its training does not have.
     */
    public static PromptFormat stepByStep() {
        return of("PromptFormat.stepByStep()", HEADER + " Let's think step by step." + ANSWER + "\n");
    }

    /** Returns what the model is given. */
    public String prompt(String text) {
        return before + text + between;
    }

    /** Returns what the model is to write. */
    public String answer(String text) {
        return first + text + after;
    }

    Example around(Example example) {
        String prompt = prompt(example.texts().get(0));
        return example.answer().isPresent()
                ? Example.answered(prompt, answer(example.answer().get())).pictures(example.pictures())
                : example.asking(prompt);
    }

    /** Returns the code that makes this format. */
    @Override
    public String toString() {
        return code;
    }
}
