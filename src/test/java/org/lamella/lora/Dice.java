// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.lamella.base.LayerSet;
import org.lamella.base.Seed;

/** Draws that are the same bits on every machine and every version of Java: nothing but whole numbers and their halves. */
final class Dice {

    private final SplittableRandom random;

    Dice(Seed seed) {
        random = seed.random();
    }

    /** Returns 0 to n - 1. */
    int below(int n) {
        return (int) Long.remainderUnsigned(random.nextLong(), n);
    }

    <T> T oneOf(List<T> values) {
        return values.get(below(values.size()));
    }

    /** Returns a subset with at least one of them, in their order. */
    <T> List<T> some(List<T> values) {
        int always = below(values.size());
        List<T> chosen = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (i == always || below(2) == 0) {
                chosen.add(values.get(i));
            }
        }
        return chosen;
    }

    /** Returns at least one layer and, where asked for, leaves at least one out. */
    LayerSet layers(int depth, boolean notAll) {
        int always = below(depth);
        int never = notAll ? (always + 1 + below(depth - 1)) % depth : depth;
        boolean[] drawn = new boolean[depth];
        for (int layer = 0; layer < depth; layer++) {
            drawn[layer] = below(2) == 0;
        }
        return LayerSet.where(depth, layer -> layer == always || (layer != never && drawn[layer]));
    }

    /**
     * Returns numbers between middle - spread and middle + spread.
     *
     * @param coarse whether they have few enough digits for every 16-bit type
     */
    float[] numbers(long count, float middle, float spread, boolean coarse) {
        float[] values = new float[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            // 24 bits are what a float holds; 7 fit every 16-bit type, also added to a middle of three times the spread
            long drawn = random.nextLong();
            float unit = coarse ? (drawn >> 57) / 64f : (drawn >> 40) / (float) (1 << 23);
            values[i] = middle + spread * unit;
        }
        return values;
    }
}
