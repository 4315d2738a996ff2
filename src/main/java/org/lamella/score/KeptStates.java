// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** The states of some examples of a split, kept whole, one row an example in the order of the split. */
final class KeptStates {

    private static final int BATCH = 256;

    private final Scope scope;
    private final int rows;
    // the row of each example, -1 for one that is not kept
    private final int[] rowOf;
    private final BitSet filled = new BitSet();
    private final List<Tensor> kept = new ArrayList<>();

    private KeptStates(Scope scope, int rows, int[] rowOf) {
        this.scope = scope;
        this.rows = rows;
        this.rowOf = rowOf;
    }

    /**
     * Makes room for the states of some examples.
     *
     * @param scope owns the room
     * @param examples how many examples the split has
     * @param wanted the examples to keep, ascending
     */
    static KeptStates of(Scope scope, int examples, int[] wanted) {
        int[] rowOf = new int[examples];
        Arrays.fill(rowOf, -1);
        for (int row = 0; row < wanted.length; row++) {
            rowOf[wanted[row]] = row;
        }
        return new KeptStates(scope, wanted.length, rowOf);
    }

    void take(int[] examples, List<Tensor> states, Scope step) {
        int[] places = IntStream.range(0, examples.length)
                .filter(i -> rowOf[examples[i]] >= 0)
                .toArray();
        if (places.length == 0) {
            return;
        }
        if (kept.isEmpty()) {
            states.forEach(state -> kept.add(scope.zeros(state.dtype(), rows, state.size(1))));
        }
        long[] to = Arrays.stream(places).mapToLong(i -> rowOf[examples[i]]).toArray();
        long[] from = Arrays.stream(places).asLongStream().toArray();
        CkaScript.call("keep")
                .with(kept)
                .with(step.longs(to, to.length))
                .with(step.longs(from, from.length))
                .with(states)
                .run();
        Arrays.stream(to).forEach(row -> filled.set((int) row));
    }

    /** Returns these states and those of another model in turn, of the same examples, all of which came. */
    KeptStates beside(KeptStates other) {
        KeptStates both = new KeptStates(scope, rows, rowOf);
        for (int state = 0; state < kept.size(); state++) {
            both.kept.add(kept.get(state));
            both.kept.add(other.kept.get(state));
        }
        both.filled.or(filled);
        return both;
    }

    /** Returns how many examples were kept. */
    int size() {
        return filled.cardinality();
    }

    /** Returns the states of the examples that came: all of them, unless reading was stopped. */
    List<Tensor> states() {
        return filled.cardinality() == rows ? kept : only(filled.stream().toArray());
    }

    /** Returns the states of some rows among those that came. */
    List<Tensor> states(int[] chosen) {
        int[] came = filled.stream().toArray();
        return only(Arrays.stream(chosen).map(i -> came[i]).toArray());
    }

    private List<Tensor> only(int[] chosen) {
        long[] at = Arrays.stream(chosen).asLongStream().toArray();
        return CkaScript.call("only")
                .with(kept)
                .with(scope.longs(at, at.length))
                .many(scope);
    }

    /**
     * Returns some of the rows that came as a source that streams them.
     *
     * @param depth the number of layers
     * @param chosen places among the rows that came, in the order in which they are to be read
     */
    Source source(int depth, int[] chosen) {
        int width = (int) kept.get(0).size(1);
        int[] came = filled.stream().toArray();
        return new Source(depth, width, chosen.length, reader -> {
            for (int start = 0; start < chosen.length; start += BATCH) {
                int[] places = IntStream.range(start, Math.min(start + BATCH, chosen.length))
                        .toArray();
                long[] at =
                        Arrays.stream(places).mapToLong(i -> came[chosen[i]]).toArray();
                try (Scope step = Scope.open()) {
                    List<Tensor> rowsNow = CkaScript.call("only")
                            .with(kept)
                            .with(step.longs(at, at.length))
                            .many(step);
                    reader.read(places, rowsNow, step);
                }
            }
            return chosen.length;
        });
    }
}
