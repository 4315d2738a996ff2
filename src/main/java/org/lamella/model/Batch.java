// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.lamella.base.picture.Picture;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * A few examples as one batch without padding: the real tokens of all examples one after another.
 *
 * <p>N is the number of real tokens, B of examples, T of tokens in the longest example. The tensors belong to the scope
 * the batch was laid out in.
 */
public final class Batch {

    private final int[] examples;
    private final Tensor ids;
    private final Tensor types;
    private final Tensor positions;
    private final Tensor grid;
    private final Tensor cells;
    private final Tensor first;
    private final Tensor last;
    private final Tensor owner;
    private final Tensor lengths;
    private final Tensor every;
    private final Tensor asking;
    private final Tensor answers;
    private final Tensor answering;
    private final Tensor marks;
    private final List<Picture> pictures;
    private final int tokens;
    private final Scope scope;
    private @Nullable Tensor patches;
    private @Nullable List<Tensor> prepared;

    private Batch(int[] examples, List<Tokens> rows, Scope scope) {
        this.examples = examples.clone();
        this.scope = scope;
        int count = rows.size();
        int columns = rows.stream().mapToInt(Tokens::length).max().orElseThrow();
        tokens = rows.stream().mapToInt(Tokens::length).sum();
        long[] id = new long[tokens];
        long[] type = new long[tokens];
        long[] position = new long[tokens];
        long[] cell = new long[tokens];
        long[] example = new long[tokens];
        long[] start = new long[count];
        long[] end = new long[count];
        float[] length = new float[count];
        int scored = rows.stream().mapToInt(Tokens::answer).sum();
        long[] before = new long[scored];
        long[] answer = new long[scored];
        long[] answerer = new long[scored];
        long[] mark = new long[rows.stream().mapToInt(row -> row.marks().length).sum()];
        int marked = 0;
        int next = 0;
        int at = 0;
        for (int b = 0; b < count; b++) {
            Tokens row = rows.get(b);
            start[b] = at;
            length[b] = row.length();
            for (int place : row.marks()) {
                mark[marked++] = (long) at + place;
            }
            for (int t = 0; t < row.length(); t++) {
                id[at] = row.id(t);
                type[at] = row.type(t);
                position[at] = t;
                if (t >= Math.max(1, row.prompt())) {
                    before[next] = at - 1L;
                    answer[next] = row.id(t);
                    answerer[next++] = b;
                }
                cell[at] = (long) b * columns + t;
                example[at++] = b;
            }
            end[b] = start[b] + row.last();
        }
        ids = scope.longs(id, tokens);
        types = scope.longs(type, tokens);
        positions = scope.longs(position, tokens);
        cells = scope.longs(cell, tokens);
        owner = scope.longs(example, tokens);
        first = scope.longs(start, count);
        last = scope.longs(end, count);
        lengths = scope.floats(length, count);
        every = scope.longs(new long[0], 0);
        asking = scope.longs(before, scored);
        answers = scope.longs(answer, scored);
        answering = scope.longs(answerer, scored);
        marks = scope.longs(mark, marked);
        pictures = rows.stream().flatMap(row -> row.pictures().stream()).toList();
        grid = Layout.SCRIPT
                .call("grid")
                .with(lengths)
                .with(scope.longs(LongStream.range(0, columns).toArray(), columns))
                .one(scope);
    }

    /** Returns what all layers of a model read of this batch, made when the first of them asks. */
    synchronized List<Tensor> prepared(BiFunction<Batch, Scope, List<Tensor>> making) {
        if (prepared == null) {
            prepared = making.apply(this, scope);
        }
        return prepared;
    }

    static Batch of(int[] examples, List<Tokens> rows, Scope scope) {
        return new Batch(examples, rows, scope);
    }

    /** Returns the indices of the examples in their split. */
    public int[] examples() {
        return examples.clone();
    }

    /** Returns B, the number of examples. */
    public int size() {
        return examples.length;
    }

    /** Returns N, the number of real tokens. */
    public int tokens() {
        return tokens;
    }

    Tensor ids() {
        return ids;
    }

    /** Returns the pictures of all examples, one after another. */
    List<Picture> pictures() {
        return pictures;
    }

    /** (M), the tokens in whose place patches of pictures stand. */
    Tensor marks() {
        return marks;
    }

    /** (N - B), every token of each example but its first. */
    synchronized Tensor patches() {
        if (patches == null) {
            Set<Long> left = new HashSet<>();
            LongStream.of(first.longs()).forEach(left::add);
            long[] rest = LongStream.range(0, tokens)
                    .filter(row -> !left.contains(row))
                    .toArray();
            patches = scope.longs(rest, rest.length);
        }
        return patches;
    }

    Tensor types() {
        return types;
    }

    Tensor positions() {
        return positions;
    }

    /** (B, T), true where a token is. */
    Tensor grid() {
        return grid;
    }

    /** (N), the place of each token in the grid, row after row. */
    Tensor cells() {
        return cells;
    }

    /** (N), the example of each token. */
    Tensor owner() {
        return owner;
    }

    /** (B), the number of tokens of each example, in single precision. */
    Tensor lengths() {
        return lengths;
    }

    /** Returns the tokens at a position of each example (B); of {@link Position#MEAN} there is no such token. */
    Tensor rows(Position position) {
        return switch (position) {
            case CLS -> first;
            case LAST -> last;
            case MEAN -> throw new IllegalArgumentException("position must be one token; got MEAN");
        };
    }

    /** Returns how many tokens of answers there are. */
    public int answerTokens() {
        return (int) answers.elements();
    }

    /** (R), the tokens after each of which a token of an answer stands. */
    Tensor asking() {
        return asking;
    }

    /** (R), the tokens of the answers. */
    Tensor answers() {
        return answers;
    }

    /** (R), the example of each token of an answer. */
    Tensor answering() {
        return answering;
    }

    /** No rows: the layer answers for every token. */
    Tensor every() {
        return every;
    }

    @Override
    public String toString() {
        return "Batch of examples " + Arrays.toString(examples) + ", " + tokens + " tokens";
    }
}
