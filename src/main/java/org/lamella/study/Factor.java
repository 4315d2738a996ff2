// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.lamella.base.LayerSet;

/**
 * What a study varies: a name, and named levels, each a change of the experiment. An immutable value.
 *
 * <pre>{@code
 * Factor.ranks(4, 8, 16)
 * Factor.layers(Map.of("half", layers, "rest", layers.complement()))
 * Factor.of("dropout").level("none", e -> e.recipe(e.recipe().dropout(0)))
 *                     .level("some", e -> e.recipe(e.recipe().dropout(0.1)))
 * }</pre>
 */
public final class Factor {

    private final String name;
    private final Map<String, UnaryOperator<Experiment>> levels;
    private final String code;

    private Factor(String name, Map<String, UnaryOperator<Experiment>> levels, String code) {
        this.name = name;
        this.code = code;
        this.levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
    }

    /** Returns a factor of that name, still without a level. */
    public static Factor of(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank; got \"" + name + "\"");
        }
        return new Factor(name, Map.of(), "Factor.of(\"" + name + "\")");
    }

    /** Returns this factor with one more level. */
    public Factor level(String level, UnaryOperator<Experiment> change) {
        return level(level, change, "...");
    }

    private Factor level(String level, UnaryOperator<Experiment> change, String changed) {
        if (levels.containsKey(level)) {
            throw new IllegalArgumentException(
                    "level must be a new one of factor \"" + name + "\"; got \"" + level + "\" twice");
        }
        Map<String, UnaryOperator<Experiment>> more = new LinkedHashMap<>(levels);
        more.put(level, change);
        return new Factor(name, more, code + ".level(\"" + level + "\", e -> " + changed + ")");
    }

    /**
     * Returns the factor {@code layers} with these levels: in the map's order where it keeps one ({@code LinkedHashMap},
     * {@code SortedMap}), else sorted by name, since {@code Map.of} has another order in every JVM.
     */
    public static Factor layers(Map<String, LayerSet> sets) {
        boolean ordered = sets instanceof LinkedHashMap || sets instanceof SortedMap;
        Factor factor = of("layers");
        for (Map.Entry<String, LayerSet> set : (ordered ? sets : new TreeMap<>(sets)).entrySet()) {
            LayerSet layers = set.getValue();
            factor = factor.level(
                    set.getKey(),
                    experiment -> experiment.layers(layers),
                    "e.layers(LayerSet.parse(\"" + layers.mask() + "\"))");
        }
        return factor;
    }

    /** Returns the factor named "rank"; alpha changes with the rank, so that the scale of the pairs stays. */
    public static Factor ranks(int... ranks) {
        Factor factor = of("rank");
        for (int rank : ranks) {
            factor = factor.level(String.valueOf(rank), experiment -> experiment.rank(rank), "e.rank(" + rank + ")");
        }
        return factor;
    }

    /** Returns the factor {@code learning rate}. */
    public static Factor learningRates(double... rates) {
        Factor factor = of("learning rate");
        for (double rate : rates) {
            factor = factor.level(
                    String.valueOf(rate),
                    experiment -> experiment.training(experiment.training().learningRate(rate)),
                    "e.training(e.training().learningRate(" + rate + "))");
        }
        return factor;
    }

    /** Returns the expression that makes this value; a change that was written by hand is three dots. */
    String recipe() {
        return code;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the changes by the names of their levels, in order. */
    public Map<String, UnaryOperator<Experiment>> levels() {
        return levels;
    }

    @Override
    public String toString() {
        return name + ": " + String.join(", ", levels.keySet());
    }
}
