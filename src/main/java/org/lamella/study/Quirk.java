// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.Arrays;
import java.util.List;

/** What the paper's code does and its text does not say: each a switch of {@link GlueProtocol}, listed in provenance. */
public enum Quirk {
    /**
     * The layer of lowest CKA is never chosen, whichever it is: the code takes it for granted that it is the first, whose
     * input is constant. On; without it every layer whose score is defined is a candidate.
     */
    DROPPED_LAYER(
            Standing.DONE,
            "the layer of lowest CKA is never chosen, whichever it is",
            "every layer whose score is defined is a candidate"),
    /**
     * DeBERTa's pooler is in no checkpoint, starts at random and stays frozen there, since only what is called classifier
     * is trained. On, and so running is refused: this library trains a pooler that no checkpoint has, so that an adapter
     * means the same everywhere. Switch it off to train it.
     */
    FROZEN_POOLER(
            Standing.REFUSED,
            "DeBERTa's pooler, which the checkpoint lacks, stays at its random start",
            "the pooler is trained and saved with the head"),
    /** Matrices are multiplied in half precision (fp16). Off, and cannot be switched on: training here is in single precision. */
    HALF_PRECISION(
            Standing.LEFT_OUT,
            "mixed precision with fp16",
            "single precision: gradients differ by the rounding of fp16"),
    /** Every text is padded to the length at which texts are cut. Off, and cannot be switched on: it costs time and changes nothing. */
    PADDING(Standing.LEFT_OUT, "texts are padded to the longest length", "texts are not padded: the same numbers"),
    /**
     * With accumulation a micro-batch's mean counts as a whole share, also where the last one of an epoch is smaller or
     * missing. Off, and cannot be switched on: here each example of a step weighs the same.
     */
    MICRO_BATCHES(
            Standing.LEFT_OUT,
            "micro-batches of an epoch's end weigh as much as full ones",
            "each example of an optimizer step weighs the same");

    /** What this library does about a quirk. */
    private enum Standing {
        DONE,
        REFUSED,
        LEFT_OUT
    }

    private final Standing standing;
    private final String theirs;
    private final String ours;

    Quirk(Standing standing, String theirs, String ours) {
        this.standing = standing;
        this.theirs = theirs;
        this.ours = ours;
    }

    /** Returns what the published code does. */
    public String published() {
        return theirs;
    }

    /** Returns what happens here while the quirk is switched off. */
    public String otherwise() {
        return ours;
    }

    /** Returns the quirks that the published runs of a model have, on a task with or without accumulation. */
    static List<Quirk> of(String model, boolean accumulates) {
        return Arrays.stream(values())
                .filter(quirk -> quirk != FROZEN_POOLER || model.startsWith("deberta"))
                .filter(quirk -> quirk != MICRO_BATCHES || accumulates)
                .toList();
    }

    boolean onAtFirst() {
        return standing != Standing.LEFT_OUT;
    }

    /** Returns whether nothing can be run while it is on. */
    boolean refused() {
        return standing == Standing.REFUSED;
    }

    String words(boolean on) {
        return on ? "on: " + theirs : "off: " + ours + " (published: " + theirs + ")";
    }
}
