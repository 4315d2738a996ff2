// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.base.Interval;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import org.lamella.data.Split;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * How alike the states of two models are on the same texts, state by state: before and after an adaptation, one checkpoint
 * and the next, one adapter and another. The number is CKA, see {@link Cka}: 1 where one cloud of examples is the other one
 * turned, moved or scaled, so that a drift which every text shares is none. Immutable, plain Java values.
 *
 * <p>Cost: a forward pass of each model; the states of all examples are kept, at most 1,024 of them.
 */
public final class Drift implements Result {

    private static final int FEW = 20;

    private final Matrix values;
    private final List<Interval> own;
    private final Provenance provenance;

    private Drift(Matrix values, List<Interval> own, Provenance provenance) {
        this.values = values;
        this.own = List.copyOf(own);
        this.provenance = provenance;
    }

    /** Returns the drift by {@link Protocol#corrected()}. */
    public static Drift between(Transformer before, Transformer after, Split split) {
        return between(before, after, split, Protocol.corrected());
    }

    /**
     * Returns how alike the states of two models are on some examples. Labels are not looked at. Of more than 1,024 examples
     * a seeded sample is read. Both models read the same tokens: texts are cut where the one that cuts earlier does, which
     * is mostly the length its adapter was trained with.
     *
     * @param before for instance the bare model
     * @param after a model of the same depth and width, for instance the same one with an adapter
     * @throws IllegalArgumentException when the models differ in depth or width, or the split has fewer examples than the
     *     estimator needs
     */
    public static Drift between(Transformer before, Transformer after, Split split, Protocol protocol) {
        if (before.depth() != after.depth() || before.width() != after.width()) {
            throw new IllegalArgumentException("models must be of the same depth and width; got " + before.name() + ", "
                    + before.depth() + " x " + before.width() + ", and " + after.name() + ", " + after.depth() + " x "
                    + after.width());
        }
        int cut = Math.min(before.maxTokens(), after.maxTokens());
        int most = Measured.Sizes.RESAMPLED;
        Split read = split.size() > most
                ? split.sample(most, protocol.resamples().seed().value())
                : split;
        Cka.requireEnough(read.size(), protocol.estimator(), split.name());
        Transformer first = before.maxTokens(cut);
        Transformer second = after.maxTokens(cut);
        Provenance begun = first.provenance(
                read,
                "var before = " + first.recipe() + ";\nvar after = " + second.recipe()
                        + ";\nvar drift = Drift.between(before, after, " + read.recipe() + ScoreNotes.protocol(protocol)
                        + ");");
        Provenance provenance = read.size() < FEW
                ? begun.warning("with " + read.size() + " examples CKA says little, and its interval less")
                : begun;
        Protocol of = protocol.of(before);
        int[] every = IntStream.range(0, read.size()).toArray();
        try (Scope scope = Scope.open()) {
            KeptStates one = kept(first, read, of, every, scope);
            KeptStates other = kept(second, read, of, every, scope);
            int came = Math.min(one.size(), other.size());
            if (came < read.size()) {
                throw new IllegalStateException("comparing was stopped before both models had read the texts");
            }
            int states = before.depth() + 1;
            Source pairs = one.beside(other).source(2 * states - 1, every);
            Measured measured = Measured.of(pairs, of, Measured.Sizes.standard(before.width()));
            return new Drift(values(measured, states), own(measured, states, of), provenance.finished());
        }
    }

    private static KeptStates kept(Transformer model, Split split, Protocol protocol, int[] every, Scope scope) {
        KeptStates kept = KeptStates.of(scope, split.size(), every);
        model.read(split, protocol.position(), protocol.lastNorm(), kept::take);
        return kept;
    }

    // states come in turn, one of the first model and one of the second
    private static Matrix values(Measured measured, int states) {
        double[] values = new double[states * states];
        Arrays.setAll(values, i -> measured.matrix().at(2 * (i / states), 2 * (i % states) + 1));
        return Matrix.of(states, states, values);
    }

    private static List<Interval> own(Measured measured, int states, Protocol protocol) {
        List<Interval> own = new ArrayList<>();
        for (int state = 0; state < states; state++) {
            int pair = 2 * state;
            double[] replicates = new double[measured.replicates().rows()];
            Arrays.setAll(replicates, r -> measured.replicates().at(r, pair));
            own.add(protocol.resamples().around(measured.layers().get(pair), replicates));
        }
        return own;
    }

    /**
     * Returns the CKA of a state of the first model (row) with a state of the second (column): state 0 is the embedding
     * output, state i + 1 the output of layer i. Not a number where one of the two is constant.
     */
    public Matrix values() {
        return values;
    }

    /** Returns the CKA of a state with its counterpart, 0 to depth, with its interval. */
    public Interval of(int state) {
        if (state < 0 || state >= own.size()) {
            throw new IllegalArgumentException("state must be 0 to " + (own.size() - 1) + "; got " + state);
        }
        return own.get(state);
    }

    /** Returns one row a state: state, cka (with its counterpart), low, high, step (what the layer before it added: the CKA before minus here). */
    @Override
    public Table table() {
        DoubleColumn step = DoubleColumn.create("step");
        for (int state = 0; state < own.size(); state++) {
            if (state == 0) {
                step.appendMissing();
            } else {
                step.append(own.get(state - 1).value() - own.get(state).value());
            }
        }
        return Table.create(
                "drift: CKA of each state with its counterpart",
                IntColumn.create("state", IntStream.range(0, own.size()).toArray()),
                column("cka", Interval::value),
                column("low", Interval::low),
                column("high", Interval::high),
                step);
    }

    private DoubleColumn column(String name, ToDoubleFunction<Interval> part) {
        return DoubleColumn.create(name, own.stream().mapToDouble(part).toArray());
    }

    /** Returns a heat map: states of the first model downwards, of the second to the right. */
    @Override
    public Figure chart() {
        List<String> names = IntStream.range(0, own.size())
                .mapToObj(state -> state == 0 ? "embedding" : "layer " + (state - 1))
                .toList();
        return Chart.titled("How alike the states of both models are (CKA)")
                .heatMap(names, names, values, 0, 1)
                .note(toString())
                .figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Returns one line: the state that drifted most. */
    @Override
    public String toString() {
        int most = IntStream.range(0, own.size())
                .filter(state -> !Double.isNaN(own.get(state).value()))
                .reduce((a, b) -> own.get(b).value() < own.get(a).value() ? b : a)
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "Of %d states number %d drifted most: CKA %s with its counterpart.",
                own.size(),
                most,
                own.get(most));
    }
}
