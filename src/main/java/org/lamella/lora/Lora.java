// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;

/**
 * A recipe for an adapter: which layers, which modules, how large. An immutable value; a control differs in one wither.
 *
 * <p>Each chosen linear module y = W x + b gets a pair: y + (alpha / r) B A x, A of shape (r, inputs) uniform within
 * ±1/√inputs, B of shape (outputs, r) zero (Hu et al. 2022, arXiv 2106.09685, section 4.1; initial values as PEFT). Only
 * pairs and head are trained. Defaults as PEFT: rank 8, alpha 8, no dropout, the architecture's own modules.
 *
 * @param layers the layers that get pairs; none for the head alone
 * @param rank r, the width between the two projections
 * @param alpha the numerator of the scale
 * @param dropout the rate before the down projection, 0 to 1
 * @param targets the modules by the end of their path, as PEFT matches them; empty for the architecture's own
 * @param variant the form of the pairs
 */
public record Lora(LayerSet layers, int rank, double alpha, double dropout, List<String> targets, Variant variant) {

    /** The forms that a pair can have. */
    public enum Variant {
        /** The scale is alpha / r. */
        PLAIN,
        /** The scale is alpha / √r (rank-stabilised LoRA, Kalajdzievski 2023, arXiv 2312.03732). */
        RANK_STABILISED
    }

    /** Checks rank, alpha and dropout. */
    public Lora {
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be at least 1; got " + rank);
        }
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alpha must be a number above 0; got " + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be at least 0 and below 1; got " + dropout);
        }
        targets = List.copyOf(targets);
    }

    /**
     * Returns the recipe for pairs on the given layers.
     *
     * @throws IllegalArgumentException for a set without a layer: that is {@link #headOnly()}
     */
    public static Lora on(LayerSet layers) {
        return new Lora(requireSome(layers), 8, 8, 0, List.of(), Variant.PLAIN);
    }

    /** Returns the recipe that trains the head alone, the control without any adapter. */
    public static Lora headOnly() {
        return new Lora(LayerSet.none(1), 8, 8, 0, List.of(), Variant.PLAIN);
    }

    private static LayerSet requireSome(LayerSet layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("layers must hold at least one layer; got " + layers
                    + "; to train the head alone use Lora.headOnly()");
        }
        return layers;
    }

    /** Returns this recipe on other layers. */
    public Lora layers(LayerSet others) {
        return new Lora(requireSome(others), rank, alpha, dropout, targets, variant);
    }

    /** Returns this recipe with that rank. */
    public Lora rank(int width) {
        return new Lora(layers, width, alpha, dropout, targets, variant);
    }

    /** Returns this recipe with that numerator of the scale. */
    public Lora alpha(double numerator) {
        return new Lora(layers, rank, numerator, dropout, targets, variant);
    }

    /** Returns this recipe with that dropout rate before the down projections. */
    public Lora dropout(double rate) {
        return new Lora(layers, rank, alpha, rate, targets, variant);
    }

    /** Returns this recipe on the modules whose path ends in one of the names, for instance {@code "query", "value"}. */
    public Lora targets(String... names) {
        return new Lora(layers, rank, alpha, dropout, List.of(names), variant);
    }

    /** Returns this recipe with the scale alpha / √r, which keeps learning even at high ranks. */
    public Lora rankStabilised() {
        return new Lora(layers, rank, alpha, dropout, targets, Variant.RANK_STABILISED);
    }

    /**
     * Returns how many numbers the pairs have in a model, r · (inputs + outputs) for each module. The head, which
     * depends on the task, is not counted; the papers do not count it either.
     */
    public long trainableParameters(Transformer model) {
        if (layers.isEmpty()) {
            return 0;
        }
        requireDepth(model);
        return modules(model).stream()
                        .mapToLong(module -> (long) rank * (module.inputs() + module.outputs()))
                        .sum()
                * layers.size();
    }

    /**
     * Trains this recipe on a split and returns the run. The model itself does not change.
     *
     * <p>Shows progress; stopping it (the notebook's ■) ends the current step and returns the run so far.
     *
     * @throws IllegalArgumentException for an empty split, unlabelled examples, layers of another depth, targets that
     *     match nothing, a rank above their width
     * @throws IllegalStateException while another training runs in this JVM
     * @throws org.lamella.base.DivergedException when loss or gradient leave the finite numbers; what was trained until
     *     then is saved and the message says where
     */
    public Run train(Transformer model, Split split, Training training) {
        return Trainer.of(this, model.base(), split, training).train();
    }

    boolean rankStabilisedScale() {
        return variant == Variant.RANK_STABILISED;
    }

    List<LinearModule> modules(Transformer model) {
        if (layers.isEmpty()) {
            return List.of();
        }
        List<LinearModule> modules = Targets.of(model, targets.isEmpty() ? model.defaultTargets() : targets);
        int widest = modules.stream()
                .mapToInt(module -> Math.max(module.inputs(), module.outputs()))
                .max()
                .orElse(0);
        if (rank > widest) {
            throw new IllegalArgumentException("rank must be at most " + widest + ", the width of the widest target of "
                    + model.name() + "; got " + rank);
        }
        return modules;
    }

    void requireDepth(Transformer model) {
        if (!layers.isEmpty() && layers.depth() != model.depth()) {
            throw new IllegalArgumentException("layers must belong to a model of depth " + model.depth() + ", as "
                    + model.name() + " is; got " + layers);
        }
    }

    Map<String, String> settings(Transformer model) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("method", layers.isEmpty() ? "head only" : "LoRA");
        settings.put("layers", layers.isEmpty() ? LayerSet.none(model.depth()).mask() : layers.mask());
        if (!layers.isEmpty()) {
            settings.put("rank", String.valueOf(rank));
            settings.put("alpha", number(alpha));
            settings.put("dropout", number(dropout));
            settings.put(
                    "targets", modules(model).stream().map(LinearModule::name).collect(Collectors.joining(", ")));
            settings.put("scale", rankStabilisedScale() ? "alpha / sqrt(rank)" : "alpha / rank");
        }
        return settings;
    }

    /** Returns the expression that makes this value. */
    String recipe() {
        if (layers.isEmpty()) {
            return "Lora.headOnly()";
        }
        String names = targets.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        return "Lora.on(LayerSet.parse(\"" + layers.mask() + "\")).rank(" + rank + ").alpha(" + number(alpha) + ")"
                + (dropout == 0 ? "" : ".dropout(" + number(dropout) + ")")
                + (targets.isEmpty() ? "" : ".targets(" + names + ")")
                + (rankStabilisedScale() ? ".rankStabilised()" : "");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }

    @Override
    public String toString() {
        return recipe();
    }
}
