// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A set of layers of a model of known depth. Layers count from 0. Immutable; equal sets of equal depth are equal.
 *
 * <p>The choosing methods ({@link #first}, {@link #random} ...) pick among the layers this set holds, so that
 * {@code model.layers().last(3)} and {@code chosen.random(2, 0)} both read as they work.
 */
public final class LayerSet {

    private final int depth;
    private final BitSet chosen;
    private final List<Sample> pickedOn;
    private final List<Importance> pickedBy;

    private LayerSet(int depth, BitSet chosen, List<Sample> pickedOn, List<Importance> pickedBy) {
        this.depth = depth;
        this.chosen = chosen;
        this.pickedOn = List.copyOf(pickedOn);
        this.pickedBy = List.copyOf(pickedBy);
    }

    /** Returns the set of every layer of a model with that many layers. */
    public static LayerSet all(int depth) {
        return where(depth, layer -> true);
    }

    /** Returns the set without a layer. */
    public static LayerSet none(int depth) {
        return where(depth, layer -> false);
    }

    /** Returns the set of the given layers. */
    public static LayerSet of(int depth, int... layers) {
        requireDepth(depth);
        BitSet chosen = new BitSet(depth);
        for (int layer : layers) {
            if (layer < 0 || layer >= depth) {
                throw new IllegalArgumentException("layer must be 0 to " + (depth - 1) + "; got " + layer);
            }
            chosen.set(layer);
        }
        return new LayerSet(depth, chosen, List.of(), List.of());
    }

    /** Returns the set of the layers that the test accepts. */
    public static LayerSet where(int depth, IntPredicate test) {
        requireDepth(depth);
        BitSet chosen = new BitSet(depth);
        IntStream.range(0, depth).filter(test).forEach(chosen::set);
        return new LayerSet(depth, chosen, List.of(), List.of());
    }

    /** Returns the set that a mask of zeros and ones describes, layer 0 first, for instance {@code "010011"}. */
    public static LayerSet parse(String mask) {
        if (mask.isEmpty() || !mask.chars().allMatch(c -> c == '0' || c == '1')) {
            throw new IllegalArgumentException("mask must be zeros and ones, layer 0 first; got \"" + mask + "\"");
        }
        return where(mask.length(), layer -> mask.charAt(layer) == '1');
    }

    private static void requireDepth(int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("depth must be at least 1; got " + depth);
        }
    }

    /** Returns this set with the note that its layers were picked by looking at the sample. Equality ignores the note. */
    public LayerSet pickedOn(Sample sample) {
        List<Sample> more = new ArrayList<>(pickedOn);
        more.add(sample);
        return new LayerSet(depth, chosen, more, pickedBy);
    }

    /** Returns this set with the note that its layers were picked by these scores. Equality ignores the note. */
    public LayerSet pickedBy(Importance scores) {
        List<Importance> more = new ArrayList<>(pickedBy);
        more.add(scores);
        return new LayerSet(depth, chosen, pickedOn, more);
    }

    /** Returns the scores that these layers were picked by; empty for a set made by hand. */
    public List<Importance> pickedBy() {
        return pickedBy;
    }

    /** Returns the samples that were looked at to pick these layers; empty for a set made by hand. */
    public List<Sample> pickedOn() {
        return pickedOn;
    }

    private LayerSet like(LayerSet... sources) {
        List<Sample> samples = new ArrayList<>();
        List<Importance> scores = new ArrayList<>();
        for (LayerSet source : sources) {
            samples.addAll(source.pickedOn);
            scores.addAll(source.pickedBy);
        }
        return new LayerSet(
                depth,
                chosen,
                samples.stream().distinct().toList(),
                scores.stream().distinct().toList());
    }

    /** Returns how many layers the model has. */
    public int depth() {
        return depth;
    }

    /** Returns how many layers the set holds. */
    public int size() {
        return chosen.cardinality();
    }

    /** Returns whether the set holds no layer. */
    public boolean isEmpty() {
        return chosen.isEmpty();
    }

    /** Returns whether the set holds a layer. */
    public boolean contains(int layer) {
        return layer >= 0 && chosen.get(layer);
    }

    /** Returns the layers of the set in ascending order. */
    public List<Integer> indices() {
        return chosen.stream().boxed().collect(Collectors.toUnmodifiableList());
    }

    /** Returns the set as zeros and ones, layer 0 first. */
    public String mask() {
        return IntStream.range(0, depth)
                .mapToObj(layer -> chosen.get(layer) ? "1" : "0")
                .collect(Collectors.joining());
    }

    /** Returns the layers of the model that this set does not hold. */
    public LayerSet complement() {
        return where(depth, layer -> !chosen.get(layer)).like(this);
    }

    /** Returns the layers that are in either set. */
    public LayerSet union(LayerSet other) {
        requireSameDepth(other);
        return where(depth, layer -> chosen.get(layer) || other.chosen.get(layer))
                .like(this, other);
    }

    /** Returns the layers that are in both sets. */
    public LayerSet intersection(LayerSet other) {
        requireSameDepth(other);
        return where(depth, layer -> chosen.get(layer) && other.chosen.get(layer))
                .like(this, other);
    }

    /**
     * Returns the layers of this set with an index smaller than the boundary.
     *
     * @param boundary the number of layers kept, 0 to depth
     */
    public LayerSet below(int boundary) {
        if (boundary < 0 || boundary > depth) {
            throw new IllegalArgumentException("boundary must be 0 to " + depth + "; got " + boundary);
        }
        return where(depth, layer -> layer < boundary && chosen.get(layer)).like(this);
    }

    /** Returns the lowest n layers of this set. */
    public LayerSet first(int n) {
        requireCount(n);
        return pick(IntStream.range(0, n));
    }

    /** Returns the highest n layers of this set. */
    public LayerSet last(int n) {
        requireCount(n);
        return pick(IntStream.range(size() - n, size()));
    }

    /** Returns the n layers in the middle; when they cannot be centred, the lower of the two places. */
    public LayerSet middle(int n) {
        requireCount(n);
        int start = (size() - n) / 2;
        return pick(IntStream.range(start, start + n));
    }

    /** Returns n layers from both ends; of an odd number the lower end gets one more. */
    public LayerSet extremes(int n) {
        requireCount(n);
        int low = (n + 1) / 2;
        return pick(IntStream.concat(IntStream.range(0, low), IntStream.range(size() - n / 2, size())));
    }

    /** Returns n evenly spaced layers from the lowest on: of twelve layers six are 0, 2, 4, 6, 8 and 10. */
    public LayerSet alternate(int n) {
        requireCount(n);
        int size = size();
        return pick(IntStream.range(0, n).map(i -> (int) ((long) i * size / n)));
    }

    /** Returns n layers drawn without replacement; the same for the same seed. */
    public LayerSet random(int n, long seed) {
        requireCount(n);
        int[] order = new Seed(seed).child("layers").permutation(size());
        return pick(IntStream.of(order).limit(n));
    }

    /** Returns exactly the given layers, each of which this set must hold. */
    public LayerSet only(int... layers) {
        for (int layer : layers) {
            if (!contains(layer)) {
                throw new IllegalArgumentException("layer must be one of " + indices() + "; got " + layer);
            }
        }
        return of(depth, layers).like(this);
    }

    private LayerSet pick(IntStream positions) {
        List<Integer> own = indices();
        return of(depth, positions.map(own::get).toArray()).like(this);
    }

    private void requireCount(int n) {
        if (n < 0 || n > size()) {
            throw new IllegalArgumentException("number of layers must be 0 to " + size() + "; got " + n);
        }
    }

    private void requireSameDepth(LayerSet other) {
        if (depth != other.depth) {
            throw new IllegalArgumentException("layers must belong to a model of depth " + depth + "; got " + other);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerSet s && depth == s.depth && chosen.equals(s.chosen);
    }

    @Override
    public int hashCode() {
        return 31 * depth + chosen.hashCode();
    }

    /** Returns the mask and the layers, for instance {@code 010011, layers [1, 4, 5] of 6}. */
    @Override
    public String toString() {
        return mask() + ", layers " + indices() + " of " + depth;
    }
}
