// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which examples are drawn together, since they are not independent of each other: several answers to one prompt, say. A
 * resample draws clusters and takes all examples of each (Davison and Hinkley 1997, section 3.8). Immutable.
 */
public final class Clusters {

    private final int[][] members;
    private final int examples;

    private Clusters(int[][] members, int examples) {
        this.members = members;
        this.examples = examples;
    }

    /** Returns n clusters of one example each. */
    public static Clusters single(int n) {
        return new Clusters(IntStream.range(0, n).mapToObj(i -> new int[] {i}).toArray(int[][]::new), n);
    }

    /** Returns the clusters of examples with equal keys, in the order of their first ones. */
    public static Clusters of(List<?> keys) {
        Map<Object, List<Integer>> together = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            together.computeIfAbsent(keys.get(i), fresh -> new ArrayList<>()).add(i);
        }
        return new Clusters(
                together.values().stream()
                        .map(some -> some.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new),
                keys.size());
    }

    /** Returns how many clusters there are. */
    public int size() {
        return members.length;
    }

    /** Returns whether every example is drawn by itself. */
    public boolean single() {
        return members.length == examples;
    }

    /** Returns the numbers of all clusters in order. */
    public int[] all() {
        return IntStream.range(0, size()).toArray();
    }

    /** Returns the examples of some clusters, which may repeat. */
    public int[] examples(int[] drawn) {
        return IntStream.of(drawn)
                .flatMap(cluster -> IntStream.of(members[cluster]))
                .toArray();
    }

    /**
     * Returns the mean of the examples of some clusters, which may repeat.
     *
     * @param values a number of every example
     */
    public double mean(double[] values, int[] drawn) {
        double sum = 0;
        int count = 0;
        for (int cluster : drawn) {
            for (int example : members[cluster]) {
                sum += values[example];
            }
            count += members[cluster].length;
        }
        return sum / count;
    }

    /**
     * Returns the standard error of that mean, by how much the sums of clusters differ from what their sizes let expect; 0
     * of a single cluster.
     */
    public double standardError(double[] values, int[] drawn) {
        double mean = mean(values, drawn);
        double squares = 0;
        int count = 0;
        for (int cluster : drawn) {
            double beyond = 0;
            for (int example : members[cluster]) {
                beyond += values[example] - mean;
            }
            squares += beyond * beyond;
            count += members[cluster].length;
        }
        int n = drawn.length;
        return n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n) * n / count;
    }

    @Override
    public String toString() {
        return size() + " clusters of " + examples + " examples";
    }
}
