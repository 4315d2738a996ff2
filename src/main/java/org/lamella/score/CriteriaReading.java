// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.lamella.base.Provenance;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.data.Truth;
import org.lamella.model.Position;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;

/** Measures every criterion on one split: one pass for all forms of CKA, one for all gradients. */
final class CriteriaReading {

    private static final String FISHER = "fisher";
    private static final String WEIGHTS = "gradient norm";
    private static final String PAIRS = "pair gradient norm";

    private final Transformer model;
    private final Split split;
    private final long seed;
    private final Map<String, LayerScores> scores = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();

    CriteriaReading(Transformer model, Split split, long seed) {
        this.model = model;
        this.split = split;
        this.seed = seed;
    }

    Criteria compare() {
        Cka.requireEnough(split.size(), Estimator.DEBIASED, split.name());
        Provenance started = ScoreNotes.begin("criteria", "Selection.compare", model, split, ScoreNotes.seed(seed));
        int read = similarities();
        Optional<String> without = read < split.size()
                ? Optional.of("reading was stopped after " + read + " of " + split.size() + " examples")
                : Truth.missing(split, Backward.PURPOSE);
        without.ifPresentOrElse(
                reason -> List.of(FISHER, WEIGHTS, PAIRS).forEach(name -> leftOut.put(name, reason)), this::gradients);
        scores.put(Criteria.RANDOM, random());
        return new Criteria(scores, leftOut, warned(started).finished());
    }

    private int similarities() {
        try (Scope scope = Scope.open()) {
            OneReading reading = OneReading.of(model, split, List.of(Position.values()), false, scope);
            for (Estimator estimator : List.of(Estimator.DEBIASED, Estimator.BIASED)) {
                for (Position position : Position.values()) {
                    Protocol protocol =
                            Protocol.corrected().estimator(estimator).position(position);
                    String name = "cka " + (estimator + " " + position).toLowerCase(Locale.ROOT);
                    scores.put(name, similarity(reading, protocol));
                }
            }
            return reading.size();
        }
    }

    private LayerScores similarity(OneReading reading, Protocol protocol) {
        Source source = reading.source(protocol.position());
        Provenance started = Cka.begin(model, split, protocol);
        Provenance provenance = reading.size() == split.size()
                ? started
                : started.warning("scored on " + reading.size() + " of " + split.size()
                        + " examples, the shortest: reading was stopped");
        return Cka.score(source, protocol, Measured.Sizes.standard(source.width()), split, provenance);
    }

    private void gradients() {
        boolean pairsToo = model.overlay().isEmpty();
        try (Scope scope = Scope.open()) {
            Leaves leaves = pairsToo
                    ? Leaves.ofBoth(model, new Seed(seed).child("initial values"), scope)
                    : Leaves.ofWeights(model, scope);
            Map<String, GradientMeasure> measures = new LinkedHashMap<>();
            measures.put(FISHER, new SquaredGradients(leaves, scope));
            measures.put(WEIGHTS, GradientNorms.ofWeights(seed));
            if (pairsToo) {
                measures.put(PAIRS, GradientNorms.ofPairs(seed));
            } else {
                leftOut.put(PAIRS, "the model carries an adapter, whose place new pairs would take");
            }
            Backward backward = new Backward(model, split, leaves, seed, scope);
            backward.run(new ArrayList<>(measures.values()));
            measures.forEach((name, measure) -> scores.put(
                    name,
                    measure.scores(
                            split, backward.notes(ScoreNotes.begin(verb(name), model, split, ScoreNotes.seed(seed))))));
        }
    }

    private static String verb(String name) {
        return switch (name) {
            case FISHER -> "Fisher.scoreLayers";
            case WEIGHTS -> "GradientNorm.scoreLayers";
            default -> "GradientNorm.scoreLayersByPairs";
        };
    }

    private LayerScores random() {
        SplittableRandom random = new Seed(seed).child("random criterion").random();
        List<LayerScore> layers = new ArrayList<>();
        for (int layer = 0; layer < model.depth(); layer++) {
            double number = random.nextDouble();
            layers.add(new LayerScore.Defined(layer, number, Double.NaN, Double.NaN, number, ""));
        }
        Provenance provenance = ScoreNotes.begin("Selection.compare", model, split, ScoreNotes.seed(seed))
                .with("measure", "uniform numbers, seed " + seed);
        return new LayerScores(
                Criteria.RANDOM,
                layers,
                Candidates.DEFINED_LAYERS,
                new double[0][],
                Optional.empty(),
                split,
                provenance.finished());
    }

    // what each criterion warns of, once
    private Provenance warned(Provenance started) {
        Map<String, List<String>> warnings = new LinkedHashMap<>();
        scores.forEach((name, measured) -> measured.provenance().warnings().stream()
                .filter(warning -> !started.warnings().contains(warning))
                .forEach(warning -> warnings.computeIfAbsent(warning, w -> new ArrayList<>())
                        .add(name)));
        Provenance provenance = started.with("criteria", String.join(", ", scores.keySet()));
        for (var warning : warnings.entrySet()) {
            provenance = provenance.warning(String.join(", ", warning.getValue()) + ": " + warning.getKey());
        }
        for (var left : leftOut.entrySet()) {
            provenance = provenance.warning(left.getKey() + " is left out: " + left.getValue());
        }
        return provenance;
    }
}
