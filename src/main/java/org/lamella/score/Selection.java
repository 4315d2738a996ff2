// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Bootstrap;
import org.lamella.base.Progress;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.model.Position;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;

/**
 * Asks whether a choice of layers holds: under other criteria, with fewer examples, on other examples.
 *
 * <p>What is chosen is the most important half of the layers. The model is read once for each question, however many
 * criteria, sizes or halves there are; meanwhile the states are kept, examples x (depth + 1) x width numbers of 4 bytes, three
 * times that for {@link #compare}.
 */
public final class Selection {

    private static final int FEWEST_OF_A_CURVE = 16;

    private Selection() {}

    /** Returns every criterion side by side, with seed 0. */
    public static Criteria compare(Transformer model, Split split) {
        return compare(model, split, 0);
    }

    /**
     * Returns every criterion side by side: CKA debiased and biased at the first token, the mean and the last token, {@link
     * Fisher}, both forms of {@link GradientNorm}, and random numbers as a control.
     *
     * <p>Criteria that need labels are left out when an example has none, gradients of pairs also when the model carries an
     * adapter; the table's name and the provenance say so.
     *
     * <p>Cost: one forward pass over the split, and for the gradients one more with two backward passes, example after
     * example.
     *
     * @param seed the control's, that of the pairs, and of the head that answers when the model has none for the task
     * @throws IllegalArgumentException when the split has fewer than 4 examples
     */
    public static Criteria compare(Transformer model, Split split, long seed) {
        return new CriteriaReading(model, split, seed).compare();
    }

    /** Returns how the choice by {@link Protocol#corrected()} changes with the number of examples. */
    public static SizeCurve bySize(Transformer model, Split split, int... sizes) {
        return bySize(model, split, Protocol.corrected(), sizes);
    }

    /**
     * Returns how the choice changes with the number of examples: the scores of {@code split.sample(size, 0)} for each size,
     * of which each smaller sample is a part of the larger ones.
     *
     * @param sizes numbers of examples, in any order; none for the size of the split halved again and again, down to 16
     * @throws IllegalArgumentException when a size is less than the estimator needs or more than the split has
     * @throws IllegalStateException when it was stopped before all examples were read
     */
    public static SizeCurve bySize(Transformer model, Split split, Protocol protocol, int... sizes) {
        Protocol own = protocol.of(model);
        Cka.requireEnough(split.size(), own.estimator(), split.name());
        List<Integer> ascending = sizes.length == 0
                ? halved(split.size(), own)
                : Arrays.stream(sizes).sorted().distinct().boxed().toList();
        ascending.forEach(size -> requireSize(size, split, own));
        String named = IntStream.of(sizes).mapToObj(size -> ", " + size).reduce("", String::concat);
        Provenance started =
                ScoreNotes.begin("curve", "Selection.bySize", model, split, ScoreNotes.protocol(protocol) + named);
        Split largest = split.sample(ascending.get(ascending.size() - 1), 0);
        try (Scope scope = Scope.open()) {
            OneReading reading = read(model, largest, own, scope);
            List<LayerScores> scores = ascending.stream()
                    .map(size -> {
                        Split sample = split.sample(size, 0);
                        int[] places = IntStream.range(0, size).toArray();
                        return score(reading, places, model, sample, own);
                    })
                    .toList();
            return new SizeCurve(ascending, scores, noted(started, own).finished());
        }
    }

    private static List<Integer> halved(int examples, Protocol protocol) {
        List<Integer> sizes = new ArrayList<>(List.of(examples));
        int fewest = Math.max(FEWEST_OF_A_CURVE, protocol.estimator().fewestExamples());
        for (int size = examples / 2; size >= fewest; size /= 2) {
            sizes.add(0, size);
        }
        return sizes;
    }

    private static void requireSize(int size, Split split, Protocol protocol) {
        int fewest = protocol.estimator().fewestExamples();
        if (size < fewest || size > split.size()) {
            throw new IllegalArgumentException("sizes must be " + fewest + " to " + split.size()
                    + ", the number of examples of " + split.name() + "; got " + size);
        }
    }

    /** Returns how alike the choices by {@link Protocol#corrected()} on two halves of the split are. */
    public static SplitHalves splitHalves(Transformer model, Split split, int repeats, long seed) {
        return splitHalves(model, split, Protocol.corrected(), repeats, seed);
    }

    /**
     * Returns how alike the choices on two halves of the split are that share no example, drawn again and again.
     *
     * <p>Each half has {@code floor(size / 2)} examples. What is seen is the stability of a choice on half as many examples
     * as there are: that on all of them is steadier.
     *
     * <p>When the person stops it between repeats, those done are returned, and the provenance warns.
     *
     * @param repeats how often the split is halved, at least 1
     * @param seed how it is halved
     * @throws IllegalArgumentException when a half has fewer examples than the estimator needs
     * @throws IllegalStateException when it was stopped before all examples were read
     */
    public static SplitHalves splitHalves(Transformer model, Split split, Protocol protocol, int repeats, long seed) {
        Protocol own = protocol.of(model);
        int half = split.size() / 2;
        int fewest = own.estimator().fewestExamples();
        if (half < fewest) {
            throw new IllegalArgumentException("split must have at least " + 2 * fewest + " examples, two halves of "
                    + fewest + "; got " + split.size() + " in " + split.name());
        }
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats must be at least 1; got " + repeats);
        }
        String more = ScoreNotes.protocol(protocol) + ", " + repeats + ", " + seed;
        Provenance started = noted(ScoreNotes.begin("halves", "Selection.splitHalves", model, split, more), own);
        try (Scope scope = Scope.open()) {
            OneReading reading = read(model, split, own, scope);
            LayerScores whole = score(reading, IntStream.range(0, split.size()).toArray(), model, split, own);
            List<SplitHalves.Repeat> done = halve(reading, model, split, own, repeats, seed);
            Provenance provenance = done.size() == repeats
                    ? started
                    : started.warning("halved " + done.size() + " of " + repeats + " times: it was stopped");
            return new SplitHalves(whole, done, provenance.finished());
        }
    }

    private static List<SplitHalves.Repeat> halve(
            OneReading reading, Transformer model, Split split, Protocol protocol, int repeats, long seed) {
        int half = split.size() / 2;
        // values alone are looked at: one replicate is the least there can be
        Protocol once = protocol.resamples(new Bootstrap(new Seed(0), 1, 0.95));
        List<SplitHalves.Repeat> done = new ArrayList<>();
        try (Progress progress = Progress.start("halving", repeats, "repeats")) {
            do {
                int[] order = new Seed(seed).child("halves", done.size()).permutation(split.size());
                int[] first = Arrays.copyOf(order, half);
                int[] second = Arrays.copyOfRange(order, half, 2 * half);
                done.add(SplitHalves.Repeat.of(
                        score(reading, first, model, split, once), score(reading, second, model, split, once)));
            } while (progress.step(done.size()) && done.size() < repeats);
        }
        return done;
    }

    private static Provenance noted(Provenance started, Protocol protocol) {
        Provenance provenance = started;
        for (var named : protocol.switches().entrySet()) {
            provenance = provenance.with(named.getKey(), named.getValue());
        }
        return provenance;
    }

    private static OneReading read(Transformer model, Split split, Protocol protocol, Scope scope) {
        Position position = protocol.position();
        OneReading reading = OneReading.of(model, split, List.of(position), protocol.lastNorm(), scope);
        if (reading.size() < split.size()) {
            throw new IllegalStateException(
                    "reading was stopped after " + reading.size() + " of " + split.size() + " examples");
        }
        return reading;
    }

    private static LayerScores score(
            OneReading reading, int[] places, Transformer model, Split sample, Protocol protocol) {
        Source source = reading.source(protocol.position(), places);
        return Cka.score(
                source, protocol, Measured.Sizes.standard(source.width()), sample, Cka.begin(model, sample, protocol));
    }
}
