// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.eval.Comparison;
import org.lamella.eval.Evaluation;
import org.lamella.lora.Adapter;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;

/** Measures an adapter on other sets of layers than its own, beside the whole. */
final class Controls {

    private static final int DRAWS = 5;
    private static final int TRIES = 100;

    private final Transformer model;
    private final Adapter adapter;
    private final Split split;

    Controls(Transformer model, Adapter adapter, Split split) {
        this.model = model;
        this.adapter = adapter;
        this.split = split;
    }

    /** Returns the sets of layers that a boundary is compared with: as many layers, elsewhere, and none. */
    static Map<String, LayerSet> beside(LayerSet layers, int boundary) {
        LayerSet kept = layers.below(boundary);
        Map<String, LayerSet> others = new LinkedHashMap<>();
        others.put("below " + boundary, kept);
        others.put("from " + boundary + " on", layers.intersection(kept.complement()));
        others.put("last " + kept.size(), layers.last(kept.size()));
        int drawn = 0;
        for (int seed = 0; seed < TRIES && drawn < DRAWS; seed++) {
            LayerSet random = layers.random(kept.size(), seed);
            if (others.values().stream().noneMatch(random::equals)) { // another set than any before
                others.put("random " + kept.size() + ", seed " + seed, random);
                drawn++;
            }
        }
        others.put("no pair", LayerSet.none(layers.depth()));
        return others;
    }

    /** Returns the whole adapter beside its pairs on each of the sets. */
    Comparison on(Map<String, LayerSet> masks) {
        Transformer adapted = model.with(adapter);
        LayerSet layers = adapted.overlay().orElseThrow().changed();
        List<LayerSet> all = new ArrayList<>(List.of(layers));
        all.addAll(masks.values());
        List<Predictions> answers = new MaskedAnswers("trying sets of layers", adapted, split, all).run();
        List<Evaluation> measured = new ArrayList<>();
        List<String> names = new ArrayList<>(masks.keySet());
        for (int i = 0; i < names.size(); i++) {
            Transformer masked = model.with(adapter.keeping(all.get(i + 1)));
            measured.add(Evaluation.of(answers.get(i + 1), masked).named(names.get(i)));
        }
        Comparison tried = Evaluation.of(answers.get(0), adapted)
                .named("whole adapter")
                .against(measured.toArray(Evaluation[]::new));
        return answers.get(0).stopped(split).map(tried::warning).orElse(tried);
    }

    /** Returns the others and the whole adapter with its change as small as that of its pairs below a boundary. */
    Comparison shrunk(int boundary, Comparison others) {
        if (!adapter.changesByPairsAlone()) {
            return others.warning("the adapter was not shrunk to the size of its lower part, since it changes more than"
                    + " pairs can: lengths (DoRA), biases or whole weights, or by pairs outside of the layers");
        }
        Evaluation shrunk = shrunk(boundary);
        return shrunk.predictions().size() < split.size()
                ? others.warning("stopped before the adapter, shrunk to the size of its lower part, had answered all")
                : others.and(shrunk);
    }

    private Evaluation shrunk(int boundary) {
        LayerSet layers = adapter.changed();
        double factor =
                adapter.norms().of(layers.below(boundary)) / adapter.norms().of(layers);
        return Evaluation.measure(model.with(adapter.scaled(factor)), split)
                .named(String.format(Locale.ROOT, "whole, times %.2f", factor));
    }
}
