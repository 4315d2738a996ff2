// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;

/**
 * One product of matrices in a layer, (rows, inner) by (inner, columns): by the frozen weight of a module, or of two things
 * that were computed before.
 *
 * @param name what the result is called
 * @param module the linear module whose weight is the right side; empty for a product of two computed things
 * @param rows the rows of the left side, those of all heads and examples together
 * @param inner what is summed over
 * @param columns the columns of the result
 * @param left the results, or {@link #STATE}, that the left side is made of
 * @param right the results that the right side is made of; none when it is a weight
 */
public record Product(
        String name, String module, long rows, long inner, long columns, List<String> left, List<String> right) {

    /** The name of what comes into a layer. */
    public static final String STATE = "state";

    /** Copies both lists. */
    public Product {
        left = List.copyOf(left);
        right = List.copyOf(right);
    }

    /** Returns what tells the left side apart from that of other products of a layer. */
    public String input() {
        return left + " " + rows;
    }

    /** Returns the floating-point operations, a multiplication and an addition for each term. */
    public long flops() {
        return 2 * rows * inner * columns;
    }
}
