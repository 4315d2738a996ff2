// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.List;
import org.lamella.base.Seed;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** Looks at every row that passes: fails at one that is not finite, and counts the distinct ones up to a few. */
final class RowWatch {

    /** With fewer distinct rows than this a score says little about the layer: it depends on how often each occurs. */
    static final int FEW = 6;

    // rows nearer to each other than this share of their length are equal: single precision keeps seven digits
    private static final double NEAR = 1e-6;

    private final List<List<Double>> distinct = new ArrayList<>();
    private final Tensor probe;

    RowWatch(Scope scope, int width) {
        var random = new Seed(0).child("direction").random();
        double[] direction = new double[width];
        for (int i = 0; i < width; i++) {
            direction[i] = random.nextGaussian();
        }
        probe = scope.doubles(direction, width);
    }

    void take(List<Tensor> states, Scope step) {
        int rows = (int) states.get(0).size(0);
        double[] seen =
                CkaScript.call("watch").with(states).with(probe).one(step).doubles();
        int lengths = states.size() * rows;
        for (int state = 0; state < states.size(); state++) {
            if (distinct.size() == state) {
                distinct.add(new ArrayList<>());
            }
            for (int row = 0; row < rows; row++) {
                int at = state * rows + row;
                requireFinite(seen[at], state);
                note(distinct.get(state), seen[at], seen[lengths + at]);
            }
        }
    }

    private static void requireFinite(double mark, int state) {
        if (!Double.isFinite(mark)) {
            throw new IllegalArgumentException("representations must be finite; got NaN or infinity in the "
                    + (state == 0 ? "output of the embedding" : "output of layer " + (state - 1)));
        }
    }

    private static void note(List<Double> known, double mark, double length) {
        if (known.size() < FEW
                && known.stream().noneMatch(other -> Math.abs(other - mark) <= NEAR * Math.max(length, 1e-30))) {
            known.add(mark);
        }
    }

    /** Returns how many distinct rows a state had, at most {@link #FEW}. */
    int distinct(int state) {
        return distinct.get(state).size();
    }
}
