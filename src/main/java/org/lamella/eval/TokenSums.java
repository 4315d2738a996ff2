// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

/**
 * What a model said of the tokens of some answers, summed.
 *
 * @param surprise the negative log-probabilities in nats
 * @param tokens how many tokens there are
 * @param right how many of them were the most probable
 */
record TokenSums(double surprise, double tokens, double right) {

    double accuracy() {
        return right / tokens;
    }

    double probability() {
        return Math.exp(-surprise / tokens);
    }
}
