// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

/**
 * The form of a recipe's pairs: what {@code rankStabilised()}, {@code dora()} and {@code pissa()} of {@link Lora} choose.
 * The forms may be combined.
 *
 * @param rankStabilised whether the scale is alpha / √r instead of alpha / r (Kalajdzievski 2023, arXiv 2312.03732)
 * @param decomposed whether the lengths of the weight's rows are learnt apart from their directions (DoRA, Liu et al.
 *     2024, arXiv 2402.09353)
 * @param principal whether pairs start as the largest singular values of their weight, which the frozen rest goes without
 *     (PiSSA, Meng et al. 2024, arXiv 2404.02948)
 * @param iterations how many power iterations of a randomised decomposition find them; 0 decomposes exactly
 * @param biases which of the model's own biases are trained, too (PEFT's {@code bias})
 * @param pooler whether the pooler before the head is trained, too (PEFT's {@code modules_to_save=["pooler"]})
 * @param projector whether the projector between a vision tower and the language is trained, too (PEFT's {@code
 *     modules_to_save=["multi_modal_projector"]})
 * @param everything whether all weights of the model are trained instead of pairs
 */
public record Form(
        boolean rankStabilised,
        boolean decomposed,
        boolean principal,
        int iterations,
        Biases biases,
        boolean pooler,
        boolean projector,
        boolean everything) {

    /** Which of the frozen model's biases are trained beside the pairs. */
    public enum Biases {
        /** None (PEFT's {@code bias="none"}). */
        FROZEN,
        /** Those of the adapted modules ({@code "lora_only"}). */
        ADAPTED,
        /** All of the model: every weight whose name holds "bias", norms included ({@code "all"}). */
        ALL
    }

    /** LoRA as Hu et al. have it. */
    public static final Form PLAIN = new Form(false, false, false, 0, Biases.FROZEN, false, false, false);

    /** Checks the number of iterations. */
    public Form {
        if (iterations < 0) {
            throw new IllegalArgumentException("iterations must be at least 0; got " + iterations);
        }
    }

    Form stabilised() {
        return new Form(true, decomposed, principal, iterations, biases, pooler, projector, everything);
    }

    Form intoLengths() {
        return new Form(rankStabilised, true, principal, iterations, biases, pooler, projector, everything);
    }

    Form principal(int powers) {
        return new Form(rankStabilised, decomposed, true, powers, biases, pooler, projector, everything);
    }

    Form biases(Biases which) {
        return new Form(rankStabilised, decomposed, principal, iterations, which, pooler, projector, everything);
    }

    Form withPooler() {
        return new Form(rankStabilised, decomposed, principal, iterations, biases, true, projector, everything);
    }

    Form withProjector() {
        return new Form(rankStabilised, decomposed, principal, iterations, biases, pooler, true, everything);
    }

    Form withEverything() {
        return new Form(rankStabilised, decomposed, principal, iterations, biases, pooler, projector, true);
    }

    /** Returns the methods' names, for instance {@code "LoRA"} or {@code "DoRA, PiSSA"}. */
    String method() {
        String first = decomposed ? "DoRA" : principal ? "" : "LoRA";
        String second = principal ? iterations == 0 ? "PiSSA" : "PiSSA, " + iterations + " iterations" : "";
        return first.isEmpty() ? second : second.isEmpty() ? first : first + ", " + second;
    }

    /** Returns the withers that choose this form. */
    String recipe() {
        return (rankStabilised ? ".rankStabilised()" : "")
                + (decomposed ? ".dora()" : "")
                + (principal ? ".pissa(" + (iterations == 0 ? "" : iterations) + ")" : "")
                + switch (biases) {
                    case FROZEN -> "";
                    case ADAPTED -> ".trainBiases()";
                    case ALL -> ".trainAllBiases()";
                }
                + (pooler ? ".trainPooler()" : "")
                + (projector ? ".trainProjector()" : "");
    }
}
