// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.List;
import java.util.Optional;
import org.lamella.model.Continuation;
import org.lamella.model.Continuations;

/**
 * Finds the answer in what a model wrote for a problem, and says whether it is right.
 *
 * <p>The answer is what stands after the last {@code "The answer is: "}; without that phrase nothing is right, but where a
 * letter is all that is asked for. Each rule takes time that grows with the length of the text, whatever stands there.
 *
 * <pre>{@code
 * MathAnswer.GSM8K.right("... so 9 * 2 = 18. The answer is: 18", "She makes $18.\n#### 18");   // true
 * MathAnswer.MATH.given("The answer is: \\dfrac{1}{2}.");                                      // \frac{1}{2}
 * }</pre>
 */
public enum MathAnswer {
    /**
     * The first number, rounded to an integer (halves to the even one), must equal the known one. As published with
     * MetaMath and PiSSA and used by the layer-wise LoRA paper: {@code a/b} is a fraction, commas between digits are
     * dropped, but only the first is looked behind: of {@code 1,234,567} the number is 1,234. Of {@code a/0} it is a.
     */
    GSM8K(new RoundedNumber()),
    /**
     * The formula must be written as the known one once both are put in the form of the MATH benchmark: no spaces, units or
     * degree signs, {@code \frac{a}{b}} for {@code a/b}, {@code \frac12} and {@code \dfrac}, and so on.
     */
    MATH(new Formula()),
    /**
     * The first numbers must be the known ones, each within 0.001, as in LLM-Adapters; for SVAMP and ASDiv. A known answer
     * may be several, with {@code ;} between them, and carry units in brackets: {@code 100 (km/hour); 80 (km/hour)}. One
     * that is no number ({@code 9:10}, {@code Market}) must be there as it is, but for case and spaces.
     */
    NUMBERS(new Numbers()),
    /**
     * The text must be the letter of the known choice, in either case, or begin with it and a full stop; for ScienceQA, as
     * lmms-eval has it.
     */
    LETTER(new Letter());

    /** How one benchmark writes and compares its answers. */
    interface Rule {

        /** Returns the answer in a text; empty when there is none. */
        Optional<String> given(String generation);

        /** Returns the answer that a data file holds. */
        String known(String written);

        /** Returns whether a given and a known answer, as the two methods above return them, are the same. */
        boolean same(String given, String known);
    }

    private final Rule rule;

    MathAnswer(Rule rule) {
        this.rule = rule;
    }

    /** Returns the answer in what a model wrote, in this rule's form; empty when there is none. */
    public Optional<String> given(String generation) {
        return rule.given(generation).filter(answer -> !answer.isEmpty());
    }

    /**
     * Returns the answer in what the data say, in this rule's form.
     *
     * @param written of GSM8K the whole solution, which ends in {@code #### 72}, or the number alone; of MATH the answer, or
     *     the solution whose last {@code \boxed{}} holds it; else the answer
     * @throws IllegalArgumentException when there is none; the message has the end of the text
     */
    public String known(String written) {
        return rule.known(written);
    }

    /** Returns whether a model wrote the answer that the data say. */
    public boolean right(String generation, String written) {
        String known = known(written);
        return given(generation).filter(given -> rule.same(given, known)).isPresent();
    }

    /**
     * Returns every generation with its answer and whether it is right, and their accuracy.
     *
     * @param prompts what the model was given, kept to be looked at
     * @param generations what it wrote, one a prompt
     * @param written what the data say, one a prompt
     */
    public Marks mark(List<String> prompts, List<String> generations, List<String> written) {
        return Marks.of(this, prompts, generations, written, "");
    }

    /**
     * Returns every text with its answer and whether it is right, and their accuracy; its sentence says how many texts were
     * cut before they came to an end, since an answer often stands last.
     *
     * @param generations what a model wrote
     * @param written what the data say, one a prompt
     */
    public Marks mark(Continuations generations, List<String> written) {
        return Marks.of(
                this,
                generations.all().stream().map(Continuation::prompt).toList(),
                generations.texts(),
                written,
                generations.unendedBecause().orElse(""));
    }
}
