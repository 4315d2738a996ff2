// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

/** In which precision representations are centred, multiplied and summed. They come from the model in single precision. */
public enum Precision {
    /** 32-bit numbers, as the published code; about seven digits go in, five come out. */
    SINGLE("single"),
    /** 64-bit numbers. */
    DOUBLE("double");

    private final String words;

    Precision(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
