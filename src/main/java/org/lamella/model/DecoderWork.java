// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The work of a pre-norm decoder's layer, term by term as {@link PreNormDecoder} computes it.
 *
 * <p>Letters as there. All pairs of tokens are counted, also those that causality leaves out: the kernel of the processor
 * skips some of them, which is not counted on.
 */
final class DecoderWork {

    private static final String SCORES = "attention scores";
    private static final String CONTEXT = "attention context";

    private final List<LinearModule> linears;
    private final int heads;
    private final int groups;
    private final BatchShape shape;
    private final boolean atHead;
    private final boolean masked;
    private final List<Product> products = new ArrayList<>();
    private final List<Work.Kept> kept = new ArrayList<>();

    private DecoderWork(
            List<LinearModule> linears, int heads, int groups, BatchShape shape, boolean atHead, boolean masked) {
        this.linears = linears;
        this.heads = heads;
        this.groups = groups;
        this.shape = shape;
        this.atHead = atHead;
        this.masked = masked;
    }

    /**
     * Returns the work of one layer.
     *
     * @param linears queries, keys, values, attention's output, gate, up, down
     * @param groups how many heads have keys and values of their own
     * @param atHead whether the layer answers for the tokens that the head reads
     * @param masked whether scores and probabilities are written out instead of computed in one kernel
     */
    static Work of(
            List<LinearModule> linears, int heads, int groups, BatchShape shape, boolean atHead, boolean masked) {
        DecoderWork work = new DecoderWork(linears, heads, groups, shape, atHead, masked);
        work.attention();
        work.feedForward();
        return new Work(work.products, work.kept, work.passing());
    }

    private String name(int module) {
        return linears.get(module).name();
    }

    private long rows() {
        return atHead ? shape.read() : shape.tokens();
    }

    private long places() {
        return (long) shape.examples() * shape.columns();
    }

    private long size() {
        return linears.get(0).outputs() / heads;
    }

    private void attention() {
        for (int module = 0; module < 3; module++) {
            linear(module, shape.tokens(), Product.STATE);
        }
        long scored = heads * places();
        products.add(new Product(SCORES, "", scored, size(), shape.columns(), List.of(name(0)), List.of(name(1))));
        products.add(new Product(CONTEXT, "", scored, shape.columns(), size(), List.of(SCORES), List.of(name(2))));
        linear(3, rows(), CONTEXT);
        long query = places() * linears.get(0).outputs();
        List<String> any = List.of(name(0), name(1), name(2));
        normed("state before attention", (long) shape.tokens() * width(), List.of(Product.STATE));
        // turned queries, keys and values for every head; the kernel's sums
        keep("queries, keys and values", 3 * query + heads * places(), any);
        // padding is left out, and rows are picked, by a copy
        boolean same = !atHead && shape.tokens() == places();
        String read = products.get(products.size() - 1).input();
        kept.add(new Work.Kept("what they read", query, any, same ? Optional.of(read) : Optional.empty(), false));
        if (masked) {
            keep("attention scores and probabilities", 3L * heads * places() * shape.columns(), any);
        }
    }

    private long width() {
        return linears.get(0).inputs();
    }

    private void feedForward() {
        String gate = name(4);
        String up = name(5);
        linear(4, rows(), Product.STATE, name(3));
        linear(5, rows(), Product.STATE, name(3));
        linear(6, rows(), gate, up);
        long inner = rows() * linears.get(4).outputs();
        normed("state before the feed-forward part", rows() * width(), List.of(Product.STATE, name(3)));
        keep("gate before its activation", inner, List.of(gate));
        keep("gate after its activation, and up", 2 * inner, List.of(gate, up));
    }

    // while the gradient passes the feed-forward part: of the product, the gate and up
    private long passing() {
        long inner = rows() * 3L * linears.get(4).outputs();
        long scores = masked ? heads * places() * 2L * shape.columns() : 0;
        return Math.max(inner, scores + 3 * places() * linears.get(0).outputs());
    }

    private void linear(int module, long rows, String... from) {
        LinearModule linear = linears.get(module);
        products.add(new Product(
                linear.name(), linear.name(), rows, linear.inputs(), linear.outputs(), List.of(from), List.of()));
    }

    // norms compute in single precision
    private void normed(String what, long numbers, List<String> of) {
        kept.add(new Work.Kept(what, numbers, of, Optional.empty(), true));
    }

    private void keep(String what, long numbers, List<String> of) {
        kept.add(new Work.Kept(what, numbers, of, Optional.empty(), false));
    }
}
