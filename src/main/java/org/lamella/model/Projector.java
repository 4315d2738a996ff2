// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.lamella.base.Seed;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * A fresh projector between a vision tower and a language model: two matrices with GELU between, as LLaVA 1.5 has it. An
 * immutable value.
 *
 * @param seed of its numbers: normal with deviation 0.02, biases zero, as Hugging Face draws them
 * @param states which states of the tower it reads, side by side, counted from the last backwards where negative: −1 is that
 *     after the last layer ({@code vision_feature_layer})
 * @param classToken whether it reads the class token, too ({@code vision_feature_select_strategy} full)
 */
public record Projector(long seed, List<Integer> states, boolean classToken) {

    /** Checks that there is a state. */
    public Projector {
        states = List.copyOf(states);
        if (states.isEmpty()) {
            throw new IllegalArgumentException("states must be at least one; got none");
        }
    }

    /** Returns the projector of LLaVA 1.5: it reads the patches after the last layer but one. */
    public static Projector seeded(long seed) {
        return new Projector(seed, List.of(-2), false);
    }

    /** Returns this projector reading other states of the tower. */
    public Projector states(Integer... which) {
        return new Projector(seed, List.of(which), classToken);
    }

    /** Returns this projector reading the class token before the patches. */
    public Projector withClassToken() {
        return new Projector(seed, states, true);
    }

    /** Returns the numbers of its weights. */
    List<Tensor> drawn(List<Architecture.Weight> weights, Scope owner) {
        return weights.stream().map(weight -> drawn(weight, owner)).toList();
    }

    private Tensor drawn(Architecture.Weight weight, Scope owner) {
        float[] numbers = new float[Math.toIntExact(weight.numbers())];
        SplittableRandom random =
                new Seed(seed).child("projector").child(weight.name()).random();
        for (int i = 0; i < numbers.length && weight.shape().size() > 1; i++) {
            numbers[i] = (float) (0.02 * random.nextGaussian());
        }
        return owner.floats(
                numbers, weight.shape().stream().mapToLong(Long::longValue).toArray());
    }

    /** Returns the expression that makes this value. */
    String recipe() {
        String which = states.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "Projector.seeded(" + seed + ")" + (states.equals(List.of(-2)) ? "" : ".states(" + which + ")")
                + (classToken ? ".withClassToken()" : "");
    }
}
