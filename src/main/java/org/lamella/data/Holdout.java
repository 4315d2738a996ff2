// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.Seed;

/**
 * Chooses examples to hold out: each label in its share, identical texts kept together, at least one of each label left.
 *
 * Examples of one picture count as identical; where they have several labels, all is one stratum.
 *
 * <p>The number held out is the share of the labelled examples, rounded, spread over the labels by largest remainder
 * (ties to the lower label). Within a label, groups of identical texts are taken in drawn order as long as they fit.
 * Unlabelled examples, and texts that carry several labels, are never held out. Without labels all is one
 * stratum, and identical prompts are kept together whatever their answers.
 */
final class Holdout {

    private final List<Example> examples;
    private final int[] rows;
    private final Task.Kind kind;
    private final int strata;
    private final double share;
    private final Seed seed;

    private Holdout(List<Example> examples, int[] rows, Task.Kind kind, int strata, double share, Seed seed) {
        this.examples = examples;
        this.rows = rows;
        this.kind = kind;
        this.strata = strata;
        this.share = share;
        this.seed = seed;
    }

    /**
     * Returns the rows to hold out, ascending.
     *
     * @param examples the examples that rows count
     * @param rows those to choose from
     * @param kind what the truth of an example is
     * @param labels how many labels there are; 0 without
     * @param share the share to hold out, 0 to below 1
     * @param seed where the draw comes from
     */
    static int[] choose(List<Example> examples, int[] rows, Task.Kind kind, int labels, double share, Seed seed) {
        Map<List<String>, Integer> pictured = new HashMap<>();
        boolean mixed = false; // of one picture several things may be asked, with several labels
        for (int row : rows) {
            Example example = examples.get(row);
            if (!example.pictures().isEmpty()) {
                Integer other = pictured.put(example.shown(kind), example.label());
                mixed |= other != null && other != example.label();
            }
        }
        return new Holdout(examples, rows, kind, mixed ? 1 : Math.max(1, labels), share, seed).choose();
    }

    private int[] choose() {
        int[] quotas = quotas();
        List<List<List<Integer>>> groups = groups();
        List<Integer> chosen = new ArrayList<>();
        for (int stratum = 0; stratum < strata; stratum++) {
            List<List<Integer>> candidates = groups.get(stratum);
            int left = quotas[stratum];
            for (int at : seed.child("stratum", stratum).permutation(candidates.size())) {
                List<Integer> group = candidates.get(at);
                if (group.size() <= left) {
                    chosen.addAll(group);
                    left -= group.size();
                }
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    // without labels there is one stratum, number 0; -1 means never held out
    private int stratum(Example example) {
        return example.known(kind) ? Math.min(strata - 1, Math.max(0, example.label())) : -1;
    }

    private int[] quotas() {
        int[] counts = new int[strata];
        int total = 0;
        for (int row : rows) {
            int stratum = stratum(examples.get(row));
            if (stratum >= 0) {
                counts[stratum]++;
                total++;
            }
        }
        int[] quotas = new int[strata];
        double[] remainders = new double[strata];
        int left = (int) Math.round(share * total);
        for (int s = 0; s < strata; s++) {
            quotas[s] = (int) Math.floor(share * counts[s]);
            remainders[s] = share * counts[s] - quotas[s];
            left -= quotas[s];
        }
        int[] order = IntStream.range(0, strata)
                .filter(s -> quotas[s] + 1 < counts[s])
                .boxed()
                .sorted(Comparator.comparingDouble((Integer s) -> -remainders[s]))
                .mapToInt(Integer::intValue)
                .limit(Math.max(0, left))
                .toArray();
        for (int s : order) {
            quotas[s]++;
        }
        return quotas;
    }

    private List<List<List<Integer>>> groups() {
        Map<List<String>, List<Integer>> byTexts = new LinkedHashMap<>();
        for (int row : rows) {
            byTexts.computeIfAbsent(examples.get(row).shown(kind), texts -> new ArrayList<>())
                    .add(row);
        }
        List<List<List<Integer>>> groups = new ArrayList<>();
        for (int s = 0; s < strata; s++) {
            groups.add(new ArrayList<>());
        }
        for (List<Integer> group : byTexts.values()) {
            int[] found = group.stream()
                    .mapToInt(row -> stratum(examples.get(row)))
                    .distinct()
                    .toArray();
            if (found.length == 1 && found[0] >= 0) {
                groups.get(found[0]).add(group);
            }
        }
        return groups;
    }
}
