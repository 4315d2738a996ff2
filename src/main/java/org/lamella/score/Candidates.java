// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

/** Which layers may be chosen at all, before the most important of them are. */
public enum Candidates {
    /** Every layer whose score is defined. */
    DEFINED_LAYERS("every defined layer is a candidate"),
    /**
     * All but the layer of lowest CKA, whichever that is: {@code sorted[1 : n + 1]} of the published code for encoders,
     * which takes it for granted that the lowest is layer 0 with its constant input. A share of 1 gives one layer less.
     */
    DROP_LOWEST("the layer of lowest CKA is never chosen: sorted[1 : n + 1]"),
    /** Every layer: {@code sorted[0 : n]} of the published code for decoders. */
    ALL_LAYERS("every layer is a candidate: sorted[0 : n]");

    private final String words;

    Candidates(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
