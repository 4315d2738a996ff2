// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The work of a post-norm encoder's layer, term by term as {@link PostNormEncoder} and its families compute it.
 *
 * <p>Letters as there: B examples, T columns, N real tokens, Q queries an example, H heads, K their size, D width, F inner
 * width, M rows of the table of relative positions.
 */
final class EncoderWork {

    private static final String SCORES = "attention scores";
    private static final String CONTEXT = "attention context";
    private static final String C2P = "content to position";
    private static final String P2C = "position to content";

    private final List<LinearModule> linears;
    private final int heads;
    private final BatchShape shape;
    private final boolean atHead;
    private final Architecture.Dropout rates;
    private final long table;
    private final List<Product> products = new ArrayList<>();
    private final List<Work.Kept> kept = new ArrayList<>();

    private EncoderWork(
            List<LinearModule> linears,
            int heads,
            BatchShape shape,
            boolean atHead,
            Architecture.Dropout rates,
            long table) {
        this.linears = linears;
        this.heads = heads;
        this.shape = shape;
        this.atHead = atHead;
        this.rates = rates;
        this.table = table;
    }

    /**
     * Returns the work of one layer.
     *
     * @param linears queries, keys, values, attention's output, inner, output
     * @param atHead whether the layer answers for one token an example
     * @param table how many rows of the table of relative positions are used; 0 for families without
     */
    static Work of(
            List<LinearModule> linears,
            int heads,
            BatchShape shape,
            boolean atHead,
            Architecture.Dropout rates,
            long table) {
        EncoderWork work = new EncoderWork(linears, heads, shape, atHead, rates, table);
        work.attention();
        if (table > 0) {
            work.positions();
        }
        work.rest();
        return new Work(work.products, work.kept, work.passing());
    }

    private String query() {
        return linears.get(0).name();
    }

    private String key() {
        return linears.get(1).name();
    }

    private String value() {
        return linears.get(2).name();
    }

    private static String ofPositions(String module) {
        return module + " of positions";
    }

    private long width() {
        return linears.get(0).outputs();
    }

    private long size() {
        return width() / heads;
    }

    // the tokens whose state is computed
    private long rows() {
        return atHead ? shape.read() : shape.tokens();
    }

    private long queries() {
        return (long) shape.examples() * (atHead ? 1 : shape.columns());
    }

    private long places() {
        return (long) shape.examples() * shape.columns();
    }

    private void attention() {
        linear(0, rows(), Product.STATE);
        linear(1, shape.tokens(), Product.STATE);
        linear(2, shape.tokens(), Product.STATE);
        if (table > 0) {
            table(0);
            table(1);
        }
        product(SCORES, heads * queries(), size(), shape.columns(), List.of(query()), List.of(key()));
        long read = queries() * width();
        long whole = places() * width();
        if (fused()) {
            List<String> any = List.of(query(), key(), value());
            keep("queries, keys, values and what they read", 2 * read + 2 * whole + heads * queries(), any);
            return;
        }
        long probabilities = heads * queries() * shape.columns();
        List<String> scores = table > 0 ? List.of(SCORES, C2P, P2C) : List.of(SCORES);
        keep("queries", read, List.of(key()));
        keep("keys", whole, List.of(query()));
        keep("values", whole, scores);
        keep("attention probabilities", probabilities, scores);
        if (rates.attention() > 0) {
            keep("attention dropout", probabilities, scores);
            keep("attention probabilities after dropout", probabilities, List.of(value()));
        }
    }

    // one kernel computes attention where nothing is drawn and nothing added to the scores
    private boolean fused() {
        return table == 0 && rates.attention() == 0;
    }

    private void positions() {
        String queryOfPositions = ofPositions(query());
        String keyOfPositions = ofPositions(key());
        product(C2P, heads * queries(), size(), table, List.of(query()), List.of(keyOfPositions));
        product(P2C, heads * places(), size(), table, List.of(key()), List.of(queryOfPositions));
        keep("queries for positions", queries() * width(), List.of(keyOfPositions));
        keep("keys for positions", places() * width(), List.of(queryOfPositions));
        keep("positions as keys", table * width(), List.of(query()));
        keep("positions as queries", table * width(), List.of(key()));
        // gathering keeps what it gathers from
        keep("content to every position", heads * queries() * table, List.of(C2P));
        keep("every position to content", heads * places() * table, List.of(P2C));
    }

    private void rest() {
        List<String> scored = table > 0 ? List.of(SCORES, C2P, P2C) : List.of(SCORES);
        product(CONTEXT, heads * queries(), shape.columns(), size(), scored, List.of(value()));
        String output = linears.get(3).name();
        String inner = linears.get(4).name();
        String last = linears.get(5).name();
        linear(3, rows(), CONTEXT);
        linear(4, rows(), Product.STATE, output);
        linear(5, rows(), inner);
        long states = rows() * width();
        if (rates.hidden() > 0) {
            keep("dropout after attention", states, List.of(output));
            keep("dropout after the inner layer", states, List.of(last));
        }
        keep("first norm", states, List.of(Product.STATE, output));
        keep("activation", rows() * linears.get(4).outputs(), List.of(inner));
        keep("second norm", states, List.of(Product.STATE, output, last));
    }

    // while the gradient passes the inner layer: that before and that after the activation
    private long passing() {
        long inner = rows() * 2L * linears.get(4).outputs();
        long scores = fused() ? 0 : heads * queries() * 2L * shape.columns();
        long gathered = heads * (places() * table + (queries() + places()) * shape.columns());
        long positions = table == 0 ? 0 : gathered;
        return Math.max(inner, scores + positions + 2 * places() * width());
    }

    private void linear(int module, long rows, String... from) {
        LinearModule linear = linears.get(module);
        products.add(new Product(
                linear.name(), linear.name(), rows, linear.inputs(), linear.outputs(), List.of(from), List.of()));
    }

    private void table(int module) {
        LinearModule linear = linears.get(module);
        products.add(new Product(
                ofPositions(linear.name()),
                linear.name(),
                table,
                linear.inputs(),
                linear.outputs(),
                List.of(),
                List.of()));
    }

    private void product(String name, long rows, long inner, long columns, List<String> left, List<String> right) {
        products.add(new Product(name, "", rows, inner, columns, left, right));
    }

    private void keep(String what, long numbers, List<String> of) {
        kept.add(new Work.Kept(what, numbers, of, Optional.empty(), false));
    }
}
