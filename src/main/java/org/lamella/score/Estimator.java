// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

/** How HSIC, the agreement of two similarity matrices that CKA is made of, is estimated from n examples. */
public enum Estimator {
    /**
     * {@code tr(K H L H)} with the centring matrix {@code H}, as the paper has it. Too high when there are fewer examples
     * than dimensions: two unrelated representations of 128 examples with 768 dimensions score near 0.9.
     */
    BIASED("biased: tr(KHLH)", 2),
    /**
     * HSIC₁ of <a href="https://jmlr.org/papers/v13/song12a.html">Song et al. 2012</a>, equation 5, which leaves out the
     * pairs of an example with itself: {@code [tr(K̃L̃) + 1ᵀK̃1·1ᵀL̃1 / ((n−1)(n−2)) − 2·1ᵀK̃L̃1 / (n−2)] / (n(n−3))}. Right
     * on average at any n; unrelated representations score around 0, now and then a little below.
     */
    DEBIASED("debiased: HSIC_1 of Song et al. 2012", 4);

    private final String words;
    private final int fewest;

    Estimator(String words, int fewest) {
        this.words = words;
        this.fewest = fewest;
    }

    /** Returns the least number of examples that the estimate is defined for: 2 or 4. */
    public int fewestExamples() {
        return fewest;
    }

    String words() {
        return words;
    }
}
