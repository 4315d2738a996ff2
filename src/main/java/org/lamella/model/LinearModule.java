// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.SplittableRandom;
import org.lamella.base.Seed;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * A linear module of a layer: what an adapter can be put on.
 *
 * @param name its path inside a layer, for instance {@code attention.self.query}
 * @param inputs the width of what goes in
 * @param outputs the width of what comes out
 */
public record LinearModule(String name, int inputs, int outputs) {

    /** Returns whether a target name means this module: its path, or the end of it after a dot, as PEFT matches. */
    public boolean isMeantBy(String target) {
        return name.equals(target) || name.endsWith("." + target);
    }

    /**
     * Returns A of a new pair, (rank, inputs), as PEFT starts it: uniform within ±1/√inputs, which is
     * {@code kaiming_uniform} with a = √5.
     *
     * @param seed alone decides the numbers, with rank and inputs
     */
    public Tensor freshDown(int rank, Seed seed, Scope owner) {
        SplittableRandom random = seed.random();
        double bound = 1 / Math.sqrt(inputs);
        float[] values = new float[rank * inputs];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return owner.floats(values, rank, inputs);
    }
}
