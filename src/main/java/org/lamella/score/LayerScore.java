// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

/** The score of one layer: a number with its interval, or the reason why there is none. */
public sealed interface LayerScore {

    /** Returns the layer, from 0. */
    int layer();

    /** Returns what a reader should know about this score; empty when there is nothing. */
    String note();

    /**
     * A layer that has a score.
     *
     * @param layer the layer, from 0
     * @param value what was measured, for instance the CKA of the layer's input and output
     * @param low the lower end of the value's interval, not a number when there is none
     * @param high the upper end of the value's interval, not a number when there is none
     * @param importance the number layers are ranked by, most important first; for CKA {@code 1 − value}
     * @param note what a reader should know, or an empty text
     */
    record Defined(int layer, double value, double low, double high, double importance, String note)
            implements LayerScore {}

    /**
     * A layer that no score is defined for; it is no candidate.
     *
     * @param layer the layer, from 0
     * @param reason why, for instance {@code the input is constant}
     */
    record Undefined(int layer, String reason) implements LayerScore {

        /** Returns the reason in words for a table, for instance {@code undefined: the input is constant}. */
        @Override
        public String note() {
            return "undefined: " + reason;
        }
    }
}
