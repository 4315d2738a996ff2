// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/** What a saved model is for, as its class in Hugging Face's library is called. */
enum Purpose {
    /** The states alone. */
    STATES("Model"),
    /** A label, or a number. */
    LABELS("ForSequenceClassification"),
    /** The next word. */
    WORDS("ForCausalLM");

    private final String ending;

    Purpose(String ending) {
        this.ending = ending;
    }

    /** Returns how the class's name ends for most families. */
    String ending() {
        return ending;
    }
}
