// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.model.LinearModule;
import org.lamella.model.Transformer;
import org.lamella.tensor.Tensor;

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
 * @param form the form of the pairs
 * @param others more parts of the same recipe, with layers, rank, alpha and targets of their own
 * @param tower the parts for the vision tower of a model that sees, with layers, rank, alpha and targets of their own
 */
public record Lora(
        LayerSet layers,
        int rank,
        double alpha,
        double dropout,
        List<String> targets,
        Form form,
        List<Lora> others,
        List<Lora> tower) {

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
        others = List.copyOf(others);
        tower = List.copyOf(tower);
    }

    /** Makes a recipe for the layers of the language alone. */
    public Lora(
            LayerSet layers,
            int rank,
            double alpha,
            double dropout,
            List<String> targets,
            Form form,
            List<Lora> others) {
        this(layers, rank, alpha, dropout, targets, form, others, List.of());
    }

    /**
     * Returns the recipe for pairs on the given layers.
     *
     * @throws IllegalArgumentException for a set without a layer: that is {@link #headOnly()}
     */
    public static Lora on(LayerSet layers) {
        return new Lora(requireSome(layers), 8, 8, 0, List.of(), Form.PLAIN, List.of());
    }

    /** Returns the recipe that trains the head alone, the control without any adapter. */
    public static Lora headOnly() {
        return new Lora(LayerSet.none(1), 8, 8, 0, List.of(), Form.PLAIN, List.of());
    }

    /**
     * Returns the recipe that trains the projector between vision tower and language alone: the first stage of LLaVA's
     * training.
     */
    public static Lora projectorOnly() {
        return headOnly().trainProjector();
    }

    /**
     * Returns the recipe that trains all weights of the model, and no pairs: for a small model from scratch. What is learnt
     * is as large as the model; {@code run.model().merged().save(folder)} keeps it as a model, not as an adapter.
     */
    public static Lora everything() {
        return headOnly().form(Form.PLAIN.withEverything());
    }

    private static LayerSet requireSome(LayerSet layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("layers must hold at least one layer; got " + layers
                    + "; to train the head alone use Lora.headOnly()");
        }
        return layers;
    }

    /** Returns this recipe on other layers. */
    public Lora layers(LayerSet elsewhere) {
        return new Lora(requireSome(elsewhere), rank, alpha, dropout, targets, form, alone("layers"), tower);
    }

    /** Returns this recipe with that rank. */
    public Lora rank(int width) {
        return new Lora(layers, width, alpha, dropout, targets, form, alone("rank"), tower);
    }

    /** Returns this recipe with that numerator of the scale. */
    public Lora alpha(double numerator) {
        return new Lora(layers, rank, numerator, dropout, targets, form, alone("alpha"), tower);
    }

    /** Returns this recipe with that dropout rate before the down projections. */
    public Lora dropout(double rate) {
        return new Lora(layers, rank, alpha, rate, targets, form, alone("dropout"), tower);
    }

    /** Returns this recipe on the modules whose path ends in one of the names, for instance {@code "query", "value"}. */
    public Lora targets(String... names) {
        return new Lora(layers, rank, alpha, dropout, List.of(names), form, alone("targets"), tower);
    }

    /** Returns this recipe with the scale alpha / √r, which keeps learning even at high ranks. */
    public Lora rankStabilised() {
        return form(form.stabilised());
    }

    /**
     * Returns this recipe as DoRA: the lengths of the rows of each adapted weight are learnt apart from their directions,
     * m · (W + scale · B A) / ‖W + scale · B A‖, a row each, the norm a constant to the gradient (Liu et al. 2024, arXiv
     * 2402.09353, section 4). Costs one product of the weight's size for each module and batch.
     */
    public Lora dora() {
        return form(form.intoLengths());
    }

    /**
     * Returns this recipe as PiSSA: each pair starts as its weight's best approximation of rank r, which the frozen rest
     * goes without (Meng et al. 2024, arXiv 2404.02948). An exact singular value decomposition a module when training
     * starts. Nothing is copied: the model computes W x + scale · (B A − B₀ A₀) x. The saved folder holds pairs of rank 2 r
     * that every PEFT loads over the unchanged base model.
     */
    public Lora pissa() {
        return pissa(0);
    }

    /**
     * Returns this recipe as PiSSA with a randomised decomposition, some hundred times faster on large weights.
     *
     * @param iterations of the power method; the authors take 16; 0 decomposes exactly
     */
    public Lora pissa(int iterations) {
        return form(form.principal(iterations));
    }

    /** Returns this recipe that trains the biases of the adapted modules, too: PEFT's {@code bias="lora_only"}. */
    public Lora trainBiases() {
        return biases(Form.Biases.ADAPTED);
    }

    /**
     * Returns this recipe that trains every bias of the model, too, norms' and pooler's included, in all layers whether
     * adapted or not: PEFT's {@code bias="all"}. The gradient then goes down to the embedding.
     */
    public Lora trainAllBiases() {
        return biases(Form.Biases.ALL);
    }

    private Lora biases(Form.Biases which) {
        return form(form.biases(which));
    }

    /**
     * Returns this recipe that trains the pooler between the states and the head, too: PEFT's {@code
     * modules_to_save=["pooler"]}. A pooler that the checkpoint lacks is trained without asking.
     */
    public Lora trainPooler() {
        return form(form.withPooler());
    }

    /**
     * Returns this recipe that trains the projector between vision tower and language, too, in all its weights: PEFT's
     * {@code modules_to_save=["multi_modal_projector"]}. The gradient then goes down through all layers.
     */
    public Lora trainProjector() {
        return form(form.withProjector());
    }

    /**
     * Returns this recipe that adapts the vision tower of a model that sees, too, by a recipe with layers, rank, alpha and
     * targets of its own: {@code Lora.on(layers).rank(8).tower(Lora.on(model.tower().layers().last(2)).rank(4))}. Form and
     * dropout are this recipe's, since a PEFT folder has but one.
     *
     * @throws IllegalArgumentException when the other has a form or a dropout of its own, or a tower
     */
    public Lora tower(Lora other) {
        boolean plain = other.form.equals(Form.PLAIN) || other.form.equals(form);
        if (!plain || (other.dropout != 0 && other.dropout != dropout) || !other.tower.isEmpty()) {
            throw new IllegalArgumentException(
                    "recipe of the tower must have layers, rank, alpha and targets alone; got " + other);
        }
        requireSome(other.layers);
        return new Lora(layers, rank, alpha, dropout, targets, form, others, other.parts());
    }

    /** Returns the parts for the tower, in this recipe's form. */
    List<Lora> towerParts() {
        return tower.stream()
                .map(part -> new Lora(part.layers, part.rank, part.alpha, dropout, part.targets, form, List.of()))
                .toList();
    }

    private Lora form(Form other) {
        return new Lora(layers, rank, alpha, dropout, targets, other, alone("form"), tower);
    }

    /**
     * Returns the recipe that trains this part and another at once: other layers, ranks, alphas or targets.
     *
     * @throws IllegalArgumentException when the parts differ in form or dropout, which a PEFT folder has but one of, or
     *     one trains the head alone
     */
    public Lora and(Lora other) {
        if (layers.isEmpty() || other.layers.isEmpty()) {
            throw new IllegalArgumentException("parts must have layers; got one that trains the head alone");
        }
        if (!form.equals(other.form) || dropout != other.dropout) {
            throw new IllegalArgumentException("parts must have one form and dropout; got " + this + " and " + other);
        }
        if (layers.depth() != other.layers.depth()) {
            throw new IllegalArgumentException("parts must have layers of one model; got depths " + layers.depth()
                    + " and " + other.layers.depth());
        }
        List<Lora> more = new ArrayList<>(others);
        more.addAll(other.parts());
        return new Lora(layers, rank, alpha, dropout, targets, form, more, tower);
    }

    private List<Lora> alone(String what) {
        if (!others.isEmpty()) {
            throw new IllegalStateException(
                    what + " must be chosen before parts are joined by and(...); got a recipe of " + (others.size() + 1)
                            + " parts");
        }
        return List.of();
    }

    /** Returns the parts, each without others. */
    List<Lora> parts() {
        List<Lora> parts = new ArrayList<>();
        parts.add(new Lora(layers, rank, alpha, dropout, targets, form, List.of()));
        parts.addAll(others);
        return parts;
    }

    /** Returns whether something below all layers is trained: biases of the embedding, projector, tower. */
    boolean reachesEmbedding() {
        return form.biases() == Form.Biases.ALL || form.projector() || form.everything() || !tower.isEmpty();
    }

    /** Returns the layers that any part has. */
    LayerSet everyLayer() {
        return parts().stream().map(Lora::layers).reduce(LayerSet::union).orElseThrow();
    }

    /**
     * Returns how many numbers the pairs have in a model, r · (inputs + outputs) for each module, and its outputs once
     * more with DoRA, and with biases. Where all biases are trained, those of embedding and layers are counted, each once.
     * The head, which depends on the task, is not counted, nor the pooler; the papers do not count them either.
     */
    public long trainableParameters(Transformer model) {
        requireFits(model);
        long seeing = tower.isEmpty()
                ? 0
                : towerParts().stream()
                        .mapToLong(part -> part.layers.size() * part.numbersOfLayer(model.tower()))
                        .sum();
        return seeing
                + parts().stream()
                        .mapToLong(part -> part.layers.size() * part.numbersOfLayer(model))
                        .sum()
                + FreshAdapter.wholes(this, model).values().stream()
                        .mapToLong(Tensor::elements)
                        .sum();
    }

    /** Returns how many numbers this part's pairs have in each of its layers. */
    long numbersOfLayer(Transformer model) {
        return modules(model).stream()
                .mapToLong(module -> numbers(model, module))
                .sum();
    }

    private long numbers(Transformer model, LinearModule module) {
        return (long) rank * (module.inputs() + module.outputs())
                + (form.decomposed() ? module.outputs() : 0)
                + (form.biases() == Form.Biases.FROZEN || !model.biased(module) ? 0 : module.outputs());
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

    /** Throws unless every part has layers and targets of the model, and no module belongs to two parts. */
    void requireFits(Transformer model) {
        if (form.pooler() && model.pooler().isEmpty()) {
            throw new IllegalArgumentException("pooler must be a part of the model to be trained; got " + model.name()
                    + ", whose head reads without");
        }
        requireSeeing(model);
        requireApart(parts(), model);
        if (!tower.isEmpty()) {
            requireApart(towerParts(), model.tower());
        }
    }

    private void requireSeeing(Transformer model) {
        if ((form.projector() || !tower.isEmpty()) && !model.seesInPrompts()) {
            throw new IllegalArgumentException("model must have a vision tower beside its language for "
                    + (form.projector() ? "trainProjector()" : "tower(...)") + "; got " + model.name() + ", "
                    + model.architecture());
        }
        if (form.everything() && model.writes() && !model.seesInPrompts()) {
            throw new IllegalArgumentException(
                    "everything must be asked of an encoder or a vision tower; got " + model.name() + ", which writes");
        }
        if (model.seesInPrompts() && (form.everything() || form.biases() == Form.Biases.ALL)) {
            throw new IllegalArgumentException((form.everything() ? "everything" : "trainAllBiases")
                    + " must be asked of a model of one tower; got " + model.name()
                    + ": train model.tower() or the language by itself");
        }
    }

    private static void requireApart(List<Lora> parts, Transformer model) {
        Map<String, Lora> taken = new LinkedHashMap<>();
        for (Lora part : parts) {
            part.requireDepth(model);
            for (LinearModule module : part.modules(model)) {
                for (int layer : part.layers.indices()) {
                    String path = model.modulePath(layer, module);
                    if (taken.put(path, part) != null) {
                        throw new IllegalArgumentException(
                                "parts must not share a module; got " + path + " in two of them");
                    }
                }
            }
        }
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

    private void requireDepth(Transformer model) {
        if (!layers.isEmpty() && layers.depth() != model.depth()) {
            String whose = model.sees() && !model.seesInPrompts() ? "the vision tower" : "a model";
            throw new IllegalArgumentException("layers must belong to " + whose + " of depth " + model.depth() + ", as "
                    + (whose.startsWith("the") ? "that of " : "") + model.name() + " is; got " + layers);
        }
    }

    Map<String, String> settings(Transformer model) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("method", form.everything() ? "everything" : layers.isEmpty() ? "head only" : form.method());
        settings.put(
                "layers",
                layers.isEmpty()
                        ? LayerSet.none(model.depth()).mask()
                        : everyLayer().mask());
        if (!layers.isEmpty()) {
            settings.put("rank", each(part -> String.valueOf(part.rank)));
            settings.put("alpha", each(part -> number(part.alpha)));
            settings.put("dropout", number(dropout));
            settings.put("targets", each(part -> part.modules(model).stream()
                    .map(LinearModule::name)
                    .collect(Collectors.joining(", "))));
            settings.put("scale", form.rankStabilised() ? "alpha / sqrt(rank)" : "alpha / rank");
            if (form.biases() != Form.Biases.FROZEN) {
                settings.put("biases", form.biases() == Form.Biases.ALL ? "all" : "of the adapted modules");
            }
        }
        if (form.pooler()) {
            settings.put("pooler", "trained");
        }
        if (form.projector()) {
            settings.put("projector", "trained");
        }
        if (!others.isEmpty()) {
            settings.put("parts", each(part -> part.layers.mask()));
        }
        if (!tower.isEmpty()) {
            settings.put("tower", tower.stream().map(Lora::recipe).collect(Collectors.joining(" | ")));
            settings.putIfAbsent("dropout", number(dropout));
        }
        return settings;
    }

    private String each(Function<Lora, String> value) {
        return parts().stream().map(value).collect(Collectors.joining(" | "));
    }

    /** Returns the expression that makes this value. */
    String recipe() {
        String seeing = tower.isEmpty()
                ? ""
                : ".tower("
                        + tower.get(0).recipe()
                        + tower.stream()
                                .skip(1)
                                .map(part -> ".and(" + part.recipe() + ")")
                                .collect(Collectors.joining())
                        + ")";
        if (layers.isEmpty()) {
            return (form.everything() ? "Lora.everything()" : "Lora.headOnly()") + form.recipe() + seeing;
        }
        String names = targets.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        return "Lora.on(LayerSet.parse(\"" + layers.mask() + "\")).rank(" + rank + ").alpha(" + number(alpha) + ")"
                + (dropout == 0 ? "" : ".dropout(" + number(dropout) + ")")
                + (targets.isEmpty() ? "" : ".targets(" + names + ")")
                + form.recipe()
                + others.stream().map(part -> ".and(" + part.recipe() + ")").collect(Collectors.joining())
                + seeing;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }

    @Override
    public String toString() {
        return recipe();
    }
}
