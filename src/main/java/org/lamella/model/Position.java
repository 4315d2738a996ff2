// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

/** Where in a text a representation is read: one vector an example. */
public enum Position {
    /** At the first token, which encoders of the BERT family train to stand for the whole text. */
    CLS,
    /** The mean over all tokens of the example, special tokens included. */
    MEAN,
    /**
     * At the last token of the example; for right-padded texts the last one that is not padding. The token that a model
     * ends an answer with does not count: it is the same for all.
     */
    LAST
}
