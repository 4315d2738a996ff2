// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lamella.base.Bootstrap;
import org.lamella.base.Interval;
import org.lamella.base.Matrix;
import org.lamella.base.Provenance;
import org.lamella.base.Sample;
import org.lamella.base.Seed;
import org.lamella.data.Split;
import org.lamella.model.Transformer;

/**
 * Scores layers by how much they change the representation of a text: {@code importance = 1 − CKA(input, output)}, after
 * section 3 of <a href="https://arxiv.org/abs/2602.05988">Layer-wise LoRA fine-tuning: a similarity metric approach</a>.
 *
 * <p>With {@code X} and {@code Y} the states of n examples before and after a layer, one row an example,
 * {@code CKA(X, Y) = HSIC(XXᵀ, YYᵀ) / √(HSIC(XXᵀ, XXᵀ) · HSIC(YYᵀ, YYᵀ))} with linear kernels
 * (<a href="https://arxiv.org/abs/1905.00414">Kornblith et al. 2019</a>). It is 1 when a layer only rotates, moves or
 * scales the whole cloud of examples.
 *
 * <p>Use it when one forward pass over unlabelled texts is all there is to spend. Do not use it when the input of a layer
 * is the same or nearly the same for all texts, as at the first token before layer 0: such a layer is undefined.
 *
 * <p>Cost: one forward pass. Up to 1,024 examples (or as many as the states are wide) the states are kept and compared
 * through Gram matrices; with more, only sums of products are kept, and memory does not depend on their number.
 */
public final class Cka {

    private Cka() {}

    /** Returns the scores of a model's layers on some examples by {@link Protocol#corrected()}. */
    public static LayerScores scoreLayers(Transformer model, Split split) {
        return scoreLayers(model, split, Protocol.corrected());
    }

    /**
     * Returns the scores of a model's layers on some examples. Labels are not looked at.
     *
     * <p>When the person stops it, the examples read so far are scored, and the provenance warns.
     *
     * @throws IllegalArgumentException when the split has fewer examples than the estimator needs (4 for the debiased, 2 for
     *     the biased one), or a representation is not finite
     */
    public static LayerScores scoreLayers(Transformer model, Split split, Protocol protocol) {
        requireEnough(split.size(), protocol.estimator(), split.name());
        Protocol own = protocol.of(model);
        Provenance provenance = begin(model, split, protocol);
        Source source = new Source(
                model.depth(),
                model.width(),
                split.size(),
                reader -> model.read(split, own.position(), own.lastNorm(), reader));
        return score(source, own, Measured.Sizes.standard(model.width()), split, provenance);
    }

    static Provenance begin(Transformer model, Split split, Protocol protocol) {
        return ScoreNotes.begin("Cka.scoreLayers", model, split, ScoreNotes.protocol(protocol));
    }

    /**
     * Returns the CKA of two representations of the same examples, not a number when one of them is constant. Labels,
     * candidates and position play no part.
     *
     * @param x one row an example
     * @param y one row an example, in the same order; its width may differ
     */
    public static double between(Matrix x, Matrix y, Protocol protocol) {
        if (x.rows() != y.rows()) {
            throw new IllegalArgumentException("y must have as many rows as x, " + x.rows() + "; got " + y.rows());
        }
        requireEnough(x.rows(), protocol.estimator(), "x");
        Protocol once = protocol.resamples(new Bootstrap(new Seed(0), 1, 0.95));
        Measured.Sizes whole = new Measured.Sizes(Integer.MAX_VALUE, Measured.Sizes.RESAMPLED);
        return Measured.of(Source.of(List.of(x, y), Math.max(1, x.rows())), once, whole)
                .layers()
                .get(0);
    }

    static void requireEnough(int examples, Estimator estimator, String name) {
        if (examples < estimator.fewestExamples()) {
            throw new IllegalArgumentException(name + " must have at least " + estimator.fewestExamples()
                    + " examples for this estimator (" + estimator.words() + "); got " + examples);
        }
    }

    static LayerScores score(
            Source source, Protocol protocol, Measured.Sizes sizes, Sample sample, Provenance started) {
        Measured measured = Measured.of(source, protocol, sizes);
        List<LayerScore> layers = new ArrayList<>();
        for (int layer = 0; layer < source.depth(); layer++) {
            layers.add(score(measured, layer, protocol));
        }
        Provenance provenance = provenance(measured, source, protocol, started);
        StateSimilarity matrix = new StateSimilarity(
                measured.matrix(),
                provenance.with("matrix", "of " + measured.compared() + " examples, in double precision"));
        return new LayerScores(
                "cka", layers, protocol.candidates(), importances(measured), Optional.of(matrix), sample, provenance);
    }

    private static LayerScore score(Measured measured, int layer, Protocol protocol) {
        String trouble = trouble(measured, layer);
        double value = measured.layers().get(layer);
        if (Double.isNaN(value)) {
            return new LayerScore.Undefined(layer, trouble);
        }
        double[] replicates = new double[measured.replicates().rows()];
        Arrays.setAll(replicates, r -> measured.replicates().at(r, layer));
        Interval interval = protocol.resamples().around(value, replicates);
        String note = trouble.isEmpty() ? fewRows(measured, layer).orElse("") : trouble + ": 0 stands for 0/0";
        return new LayerScore.Defined(layer, value, interval.low(), Math.min(1, interval.high()), 1 - value, note);
    }

    private static String trouble(Measured measured, int layer) {
        Condition input = measured.conditions().get(layer);
        Condition output = measured.conditions().get(layer + 1);
        if (input != Condition.VARIES) {
            return "the input " + input.words();
        }
        return output == Condition.VARIES ? "" : "the output " + output.words();
    }

    private static Optional<String> fewRows(Measured measured, int layer) {
        int distinct = measured.distinct().get(layer);
        return distinct < Math.min(RowWatch.FEW, measured.examples())
                ? Optional.of("the input has only " + distinct + " distinct rows")
                : Optional.empty();
    }

    private static double[][] importances(Measured measured) {
        double[][] importances = new double[measured.replicates().rows()][];
        Arrays.setAll(importances, r -> Arrays.stream(measured.replicates().row(r))
                .map(cka -> 1 - cka)
                .toArray());
        return importances;
    }

    private static Provenance provenance(Measured measured, Source source, Protocol protocol, Provenance started) {
        Provenance provenance = started;
        for (var named : protocol.switches().entrySet()) {
            provenance = provenance.with(named.getKey(), named.getValue());
        }
        provenance = provenance
                .with("constant", "standard deviation below " + Condition.SMALLEST_SPREAD + " of the length")
                .with("form", form(measured, protocol))
                .with("intervals", intervals(measured, protocol));
        if (measured.examples() < source.examples()) {
            provenance = provenance.warning("scored on the first " + measured.examples() + " of " + source.examples()
                    + " examples in order of length: reading was stopped");
        }
        for (int layer = 0; layer < source.depth(); layer++) {
            String about = "layer " + layer + ": ";
            boolean constant = measured.conditions().get(layer) == Condition.CONSTANT;
            Optional<String> few = constant ? Optional.empty() : fewRows(measured, layer);
            provenance = few.isPresent()
                    ? provenance.warning(about + few.get() + ", so that its score hangs on how often each occurs")
                    : provenance;
        }
        return provenance.finished();
    }

    private static String form(Measured measured, Protocol protocol) {
        if (measured.streamed()) {
            return "sums of products of features, streamed";
        }
        return protocol.byFeatures() ? "products of features" : "Gram matrices";
    }

    private static String intervals(Measured measured, Protocol protocol) {
        String all = "examples drawn again with replacement";
        String part = measured.resampled() < measured.examples()
                ? all + " from a seeded sample of " + measured.resampled() + ", deviations scaled by sqrt("
                        + measured.resampled() + "/" + measured.examples() + ")"
                : all;
        return protocol.estimator() == Estimator.BIASED
                ? part + ", moved so that their median is the score (an example drawn twice is like itself)"
                : part + ", no example paired with itself";
    }
}
