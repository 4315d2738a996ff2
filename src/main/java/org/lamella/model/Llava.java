// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import org.lamella.tensor.DType;

/**
 * Puts a vision tower, a projector and a language model together: a model of the form of LLaVA 1.5 (Liu et al. 2023, arXiv
 * 2310.03744), whose layers are those of the language.
 *
 * <pre>{@code
 * Transformer model = Llava.assemble(tower, Projector.seeded(0), Transformer.load("smollm2-135m"));
 * Run run = Lora.on(layers).rank(8).trainProjector().train(model, train, how);
 * run.model().merged().save(Path.of("target/sees"));       // LlavaForConditionalGeneration reads it
 * }</pre>
 */
public final class Llava {

    private Llava() {}

    /**
     * Returns a model that takes pictures in its prompts, in place of {@code <image>}. Nothing is trained yet: the projector
     * is fresh, and what it makes of a picture says nothing to the language.
     *
     * <p>Shares the weights of both models; closing one of them closes it. A language model without a token {@code <image>}
     * gets one more, whose embedding is the mean of the others: that table is copied.
     *
     * @param vision a vision tower, for instance {@code Transformer.load(folder)} of a {@code CLIPVisionModel}
     * @param projector what stands between the two
     * @param language a decoder in single precision, without an adapter over it
     * @throws IllegalArgumentException when either is another kind of model, or a state is asked for that the tower lacks
     */
    public static Transformer assemble(Transformer vision, Projector projector, Transformer language) {
        if (!vision.sees() || vision.seesInPrompts()) {
            throw new IllegalArgumentException("vision must be a vision tower; got " + vision);
        }
        if (!language.writes() || language.seesInPrompts()) {
            throw new IllegalArgumentException("language must be a decoder of texts alone; got " + language);
        }
        if (vision.overlay().isPresent() || language.overlay().isPresent()) {
            throw new IllegalArgumentException("models must be without an adapter; got one over "
                    + (vision.overlay().isPresent() ? vision.name() : language.name()) + "; use merged()");
        }
        if (language.weights().stored() == DType.BF16) {
            throw new IllegalArgumentException("language must be in single precision; got " + language.name()
                    + " in BF16; assemble first, then use dtype(DType.BF16)");
        }
        return Transformer.of(AssembledSource.weights(vision, projector, language));
    }
}
