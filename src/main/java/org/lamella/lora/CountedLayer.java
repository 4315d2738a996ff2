// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamella.model.Product;
import org.lamella.model.Work;

/**
 * Counts one layer with its pairs, product after product: which results have a gradient, and what forward and backward
 * compute for that.
 *
 * <p>Of a product by a frozen weight backward needs the gradient of the left side alone, and that only where a pair lies
 * below; of a product of two computed things that of each side below which a pair lies.
 */
final class CountedLayer {

    // pairs and what they read are in single precision
    private static final long SINGLE = 4;

    private final Map<String, Lora> adapted;
    private final Set<String> alive = new HashSet<>();
    private final Set<String> inputs = new HashSet<>();
    private long forward;
    private long backward;
    private long kept;

    /**
     * Counts a layer.
     *
     * @param work what the layer does
     * @param adapted the part of the recipe by the names of the modules that have pairs in this layer
     * @param gradient whether what comes in has a gradient, since a lower layer has pairs
     * @param number bytes of one of the layer's own numbers
     */
    CountedLayer(Work work, Map<String, Lora> adapted, boolean gradient, long number) {
        this.adapted = adapted;
        if (gradient) {
            alive.add(Product.STATE);
        }
        work.products().forEach(this::product);
        for (Work.Kept numbers : work.kept()) {
            kept += anyAlive(numbers.of())
                            && numbers.read().filter(inputs::contains).isEmpty()
                    ? (numbers.single() ? SINGLE : number) * numbers.numbers()
                    : 0;
        }
    }

    private boolean anyAlive(List<String> names) {
        return names.stream().anyMatch(alive::contains);
    }

    private void product(Product product) {
        boolean left = anyAlive(product.left());
        boolean right = anyAlive(product.right());
        Lora part = adapted.get(product.module());
        forward += product.flops();
        backward += (left ? product.flops() : 0) + (right ? product.flops() : 0);
        if (part != null) {
            pair(product, part, left);
        }
        if (left || right || part != null) {
            alive.add(product.name());
        }
    }

    // low = drop(x) A^T, then low B^T; the gradients of A, of B and of low, and that of x where there is one
    private void pair(Product product, Lora part, boolean left) {
        long rank = part.rank();
        long down = 2 * product.rows() * product.inner() * rank;
        long up = 2 * product.rows() * rank * product.columns();
        forward += down + up;
        backward += down + 2 * up + (left ? down : 0);
        boolean drops = part.dropout() > 0;
        // each pair reads a copy of its own where it must be dropped from; else modules that read the same share one
        if (drops || inputs.add(product.input())) {
            kept += SINGLE * product.rows() * product.inner();
        }
        kept += SINGLE * ((drops && left ? product.rows() * product.inner() : 0) + product.rows() * rank);
        long readings = 1;
        if (part.form().decomposed()) {
            rows(product, part, left);
            readings = drops ? 2 : 1;
        }
        if (part.form().principal()) {
            forward += readings * (down + up);
            backward += left ? readings * (down + up) : 0;
        }
    }

    // DoRA: the lengths of the whole weight's rows from B A, and W x once more where x was dropped
    private void rows(Product product, Lora part, boolean left) {
        long change = 2 * product.columns() * part.rank() * product.inner();
        forward += change * (part.form().principal() ? 2 : 1);
        if (part.dropout() > 0) {
            forward += product.flops();
            backward += left ? product.flops() : 0;
        }
        kept += SINGLE * 2 * product.rows() * product.columns();
    }

    long forward() {
        return forward;
    }

    long backward() {
        return backward;
    }

    /** Bytes that stay in memory until the gradient has passed. */
    long kept() {
        return kept;
    }

    /** Whether what comes out has a gradient. */
    boolean gradient() {
        return !alive.isEmpty();
    }
}
