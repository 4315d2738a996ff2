// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The one source of chance of a run. Children are found by name, so that a draw added in one place never shifts the
 * draws of another.
 *
 * @param value the number a person gives and a report prints
 */
public record Seed(long value) {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Returns the seed of the named part: the same for the same value and name, on every machine. */
    public Seed child(String name) {
        long hash = FNV_OFFSET ^ value;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return new Seed(mix(hash + 0x9e3779b97f4a7c15L * value));
    }

    /** Returns the seed of the numbered part, for instance of an epoch. */
    public Seed child(String name, long number) {
        return child(name + "#" + number);
    }

    /** Returns a new generator that starts at this seed. */
    public SplittableRandom random() {
        return new SplittableRandom(value);
    }

    /** Returns the numbers 0 to n − 1 in an order drawn from this seed. */
    public int[] permutation(int n) {
        int[] order = new int[n];
        SplittableRandom random = random();
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    // Stafford's mix 13, the finaliser of SplittableRandom
    private static long mix(long z) {
        long y = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
        return y ^ (y >>> 31);
    }
}
