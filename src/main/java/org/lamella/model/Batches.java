// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.tensor.Scope;

/**
 * A split as a model takes it: tokens of every example, laid out in batches on demand.
 *
 * <p>{@link #byLength} sorts the examples into batches of like length with a bounded number of grid cells; {@link #of}
 * takes the batch that a training run asks for. What a model says of an example does not depend on its batch.
 */
public final class Batches {

    private static final int CELLS = 4096;
    private static final int FIRST = 4; // examples

    private final Split split;
    private final List<Tokens> rows;

    private Batches(Split split, List<Tokens> rows) {
        this.split = split;
        this.rows = rows;
    }

    static Batches of(Split split, Weights weights, int limit) {
        if (split.size() == 0) {
            throw new IllegalArgumentException("split must hold at least one example; got an empty " + split.name());
        }
        Optional<Integer> seen = weights.architecture().sees();
        if (seen.isPresent()) {
            return of(split, Sight.tokens(weights, split.examples()));
        }
        Tokenizer tokenizer = weights.tokenizer();
        return of(
                split,
                split.task().kind() == Task.Kind.GENERATION
                        ? tokenizer.encodeAnswered(split.examples(), limit)
                        : tokenizer.encode(split.examples(), limit));
    }

    static Batches of(Split split, List<Tokens> rows) {
        return new Batches(split, rows);
    }

    /** Returns the split these batches are made of. */
    public Split split() {
        return split;
    }

    /** Returns how many examples were cut because they were longer than the limit. */
    public int cut() {
        return (int) rows.stream().filter(Tokens::cut).count();
    }

    /** Returns how many tokens some examples lost because they were longer than the limit. */
    public int[] missing(int[] examples) {
        return Arrays.stream(examples).map(i -> rows.get(i).missing()).toArray();
    }

    /** Returns the number of tokens of an example, after cutting. */
    public int length(int example) {
        return rows.get(example).length();
    }

    /** Returns how much an example weighs in a loss: the tokens of its answer, or one when it has a label or a number. */
    public int weight(int example) {
        return split.task().kind() == Task.Kind.GENERATION ? rows.get(example).answer() : 1;
    }

    /** Returns the examples in groups of like length, shortest first: what a pass over the whole split does in turn. */
    public List<int[]> byLength() {
        return byLength(IntStream.range(0, rows.size()).toArray(), CELLS);
    }

    /**
     * Returns the examples that there is something to say of in such groups: not those whose prompt alone fills all tokens.
     * The first group is small, so that somebody who stops early soon has a part of the result.
     *
     * @throws IllegalArgumentException when that are all
     */
    public List<int[]> answerable() {
        requireAnswerable();
        int[] some = IntStream.range(0, rows.size())
                .filter(example -> weight(example) > 0)
                .toArray();
        List<int[]> groups = byLength(some, CELLS);
        int[] first = groups.get(0);
        if (first.length > FIRST) {
            groups.set(0, Arrays.copyOf(first, FIRST));
            groups.add(1, Arrays.copyOfRange(first, FIRST, first.length));
        }
        return groups;
    }

    /** Throws {@link IllegalArgumentException} when every prompt fills all tokens, so that none is left for an answer. */
    public void requireAnswerable() {
        if (filled() == rows.size()) {
            throw new IllegalArgumentException("maxTokens must leave room for an answer; got " + length(0)
                    + ", which every one of " + rows.size() + " prompts fills");
        }
    }

    /** Returns how many examples there is nothing to say of, since their prompt fills all tokens. */
    public int filled() {
        return (int) IntStream.range(0, rows.size())
                .filter(example -> weight(example) == 0)
                .count();
    }

    /**
     * Returns some examples in groups of like length, shortest first.
     *
     * @param cells how many places the padded grid of a group has at most, examples times tokens of the longest; a group
     *     of one example may have more
     */
    public List<int[]> byLength(int[] examples, int cells) {
        int[] order = Arrays.stream(examples)
                .boxed()
                .sorted(Comparator.comparingInt(this::length))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= order.length; i++) {
            if (i == order.length || (i - start + 1) * length(order[i]) > cells) {
                groups.add(Arrays.copyOfRange(order, start, i));
                start = i;
            }
        }
        return groups;
    }

    /** Returns the batch of the given examples; its tensors belong to the scope. */
    public Batch of(int[] examples, Scope scope) {
        return Batch.of(examples, Arrays.stream(examples).mapToObj(rows::get).toList(), scope);
    }
}
