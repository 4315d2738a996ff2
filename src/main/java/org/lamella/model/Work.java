// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.Optional;

/**
 * What a layer does with a batch of a given shape, without pairs: what counting its cost starts from.
 *
 * @param products the products of matrices, in the order in which they are computed
 * @param kept what stays in memory until the gradient has passed
 * @param passing how many numbers are in memory at once besides, at the most
 */
public record Work(List<Product> products, List<Kept> kept, long passing) {

    /** Copies both lists. */
    public Work {
        products = List.copyOf(products);
        kept = List.copyOf(kept);
    }

    /**
     * Numbers that backward needs.
     *
     * @param what they are
     * @param numbers how many
     * @param of the results of which one must have a gradient for them to be kept
     * @param read the {@link Product#input()} that they are, if there is one: a pair that reads it keeps nothing more
     * @param single whether they are in single precision even where the layer is not
     */
    public record Kept(String what, long numbers, List<String> of, Optional<String> read, boolean single) {

        /** Copies the list. */
        public Kept {
            of = List.copyOf(of);
        }
    }
}
