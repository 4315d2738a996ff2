// SPDX-License-Identifier: Apache-2.0
package org.lamella.study;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.LayerSet;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.data.Task;
import org.lamella.lora.Lora;
import org.lamella.lora.Training;
import org.lamella.model.Transformer;
import org.lamella.score.Candidates;
import org.lamella.score.Cka;
import org.lamella.score.Fisher;
import org.lamella.score.LayerScores;
import org.lamella.score.Protocol;
import tech.tablesaw.api.Table;

/**
 * How the paper trains and measures one model on one task of GLUE: task, layers, recipe, training, metric, quirks. An
 * immutable value, changed by its withers; nothing is loaded before {@link #task()}.
 *
 * <p>What the paper leaves open is chosen here and said in {@link #provenance()}: the adapter after the last step is
 * measured, not the best on the way; its three runs have the seeds 0, 1 and 2, of which only 0 is published; MNLI's two
 * validation parts are measured as one; layers are scored on the whole of train; Fisher sees 100 examples of train; of the
 * heuristics {@code alternate} begins with the first layer.
 */
public final class GlueProtocol implements Listing {

    private final GlueSettings settings;
    private final Lora recipe;
    private final Training training;
    private final Switches switches;
    private final Optional<Task> own;
    private final String lines;

    private GlueProtocol(
            GlueSettings settings,
            Lora recipe,
            Training training,
            Switches switches,
            Optional<Task> own,
            String lines) {
        this.settings = settings;
        this.recipe = recipe;
        this.training = training;
        this.switches = switches;
        this.own = own;
        this.lines = lines;
    }

    static GlueProtocol of(String model, String task) {
        GlueSettings row = GlueSettings.of(model, task);
        LayerSet layers = PublishedMask.of(model, task).layers();
        Lora pairs = Lora.on(layers).rank(8).alpha(16);
        Lora recipe = model.equals("roberta-base")
                ? pairs.dropout(0.1).targets("query", "value")
                : pairs.targets(
                        "query_proj",
                        "key_proj",
                        "value_proj",
                        "attention.output.dense",
                        "intermediate.dense",
                        "output.dense");
        Training training = Training.standard()
                .epochs(row.epochs())
                .batchSize(row.batchSize())
                .accumulation(row.accumulation())
                .learningRate(row.learningRate())
                .warmup(row.warmup())
                .weightDecay(row.weightDecay())
                .maxTokens(row.maxTokens());
        String code = "Paper.glue(\"" + model + "\", \"" + task + "\")";
        return new GlueProtocol(row, recipe, training, Switches.of(row), Optional.empty(), code);
    }

    private GlueProtocol then(Lora otherRecipe, String code) {
        return new GlueProtocol(settings, otherRecipe, training, switches, own, lines + code);
    }

    /** Returns this protocol on other layers, of this model's depth or, where it is tried on another model, of that one's. */
    public GlueProtocol layers(LayerSet elsewhere) {
        return then(recipe.layers(elsewhere), ".layers(LayerSet.parse(\"" + elsewhere.mask() + "\"))");
    }

    /** Returns this protocol on all layers: the paper's upper row. */
    public GlueProtocol allLayers() {
        return then(recipe.layers(LayerSet.all(recipe.layers().depth())), ".allLayers()");
    }

    /** Returns this protocol with another rank; alpha changes with it, so that the scale stays as in the paper's Table 5. */
    public GlueProtocol rank(int width) {
        return then(Experiment.scaled(recipe, width), ".rank(" + width + ")");
    }

    /** Returns this protocol with another recipe, for instance {@code recipe().dora()}. */
    public GlueProtocol recipe(Lora other) {
        return then(other, ".recipe(" + other + ")");
    }

    /** Returns this protocol with another training, for instance {@code training().epochs(1)}. */
    public GlueProtocol training(Training other) {
        return new GlueProtocol(settings, recipe, other, switches, own, lines + ".training(" + other + ")");
    }

    /** Returns this protocol on these examples, for instance those of a folder, instead of the card's. */
    public GlueProtocol task(Task examples) {
        if (!examples.metrics().contains(metric())) {
            throw new IllegalArgumentException("task must have the metric " + metric() + " of this protocol; got "
                    + String.join(", ", examples.metrics()) + " of " + examples.name());
        }
        return new GlueProtocol(
                settings,
                recipe,
                training,
                switches,
                Optional.of(examples),
                lines + ".task(" + examples.recipe() + ")");
    }

    /**
     * Returns this protocol with a quirk switched on.
     *
     * @throws IllegalArgumentException when the published runs do not have it, or this version cannot do it
     */
    public GlueProtocol with(Quirk quirk) {
        return switched(switches.with(quirk), ".with(Quirk." + quirk + ")");
    }

    /**
     * Returns this protocol with a quirk switched off.
     *
     * @throws IllegalArgumentException when the published runs do not have it
     */
    public GlueProtocol without(Quirk quirk) {
        return switched(switches.without(quirk), ".without(Quirk." + quirk + ")");
    }

    private GlueProtocol switched(Switches changed, String code) {
        return changed.equals(switches)
                ? this
                : new GlueProtocol(settings, recipe, training, changed, own, lines + code);
    }

    /** Returns the quirks of the published runs, whether they are on or off here. */
    public List<Quirk> quirks() {
        return switches.all();
    }

    /** Returns whether a quirk is on. */
    public boolean does(Quirk quirk) {
        return switches.on().contains(quirk);
    }

    /** Returns the name of the published model, which {@code Transformer.load} takes. */
    public String model() {
        return settings.model();
    }

    /** Returns the name of the task's card, for instance {@code glue/rte}. */
    public String card() {
        return settings.card();
    }

    /** Returns the metric of the paper's tables, measured on validation, since the labels of test are not public. */
    public String metric() {
        return settings.metric();
    }

    /** Returns the layers: the published mask until they are changed. */
    public LayerSet layers() {
        return recipe.layers();
    }

    /** Returns the recipe. */
    public Lora recipe() {
        return recipe;
    }

    /** Returns the training, with seed 0. */
    public Training training() {
        return training;
    }

    /** Returns how many numbers the pairs have, computed from the published model's dimensions; the head is not counted. */
    public long trainableParameters() {
        Lora counted = of(model(), settings.task()).recipe;
        if (!recipe.targets().equals(counted.targets())
                || !recipe.form().equals(counted.form())
                || !recipe.others().isEmpty()) {
            throw new IllegalStateException(
                    "recipe must have the published targets and form to be counted without a model; got " + recipe
                            + "; recipe().trainableParameters(model) counts any");
        }
        if (recipe.layers().depth() != counted.layers().depth()) {
            throw new IllegalStateException("layers must be of " + model() + "'s depth, "
                    + counted.layers().depth()
                    + ", to be counted without a model; got " + recipe.layers()
                    + "; recipe().trainableParameters(model) counts any");
        }
        return Dimensions.of(model()).parameters(layers().size(), recipe.rank());
    }

    /** Returns what the paper's tables have for this model and task, by table and row, on the metric's own scale. */
    public Map<String, Double> published() {
        return PublishedGlue.values(model(), settings.task());
    }

    /** Loads the task, or returns the examples given by {@link #task(Task)}. */
    public Task task() {
        return own.orElseGet(() -> Task.load(card()));
    }

    /**
     * Returns the experiment: everything but the model. Loads the task.
     *
     * @throws IllegalStateException while a quirk is on that this version cannot do
     */
    public Experiment experiment() {
        switches.requireRunnable(lines);
        Task task = task();
        return new Experiment(
                recipe,
                training,
                task.train(),
                task.validation(),
                metric(),
                GlueNotes.of(this, switches).facts());
    }

    /** Returns the study of this protocol, to which factors and seeds are added. Loads the task. */
    public Study study() {
        return Study.of(experiment());
    }

    /** Trains with a seed and measures; see {@link Experiment#run}. */
    public Trial run(Transformer model, long seed) {
        return experiment().seed(seed).run(model);
    }

    /** Returns how the published code scores layers, with or without {@link Quirk#DROPPED_LAYER}. */
    public Protocol scoring() {
        Protocol published = Protocol.published();
        return does(Quirk.DROPPED_LAYER) ? published : published.candidates(Candidates.DEFINED_LAYERS);
    }

    /** Scores a model's layers by CKA on the whole of train, as the published code does. */
    public LayerScores scores(Transformer model) {
        return Cka.scoreLayers(model.base().maxTokens(Math.min(512, model.maxTokens())), task().train(), scoring());
    }

    /** Scores a model's layers by Fisher information, the paper's baseline, on 100 examples of train drawn with seed 0. */
    public LayerScores fisher(Transformer model) {
        Task task = task();
        return Fisher.scoreLayers(
                model.base(), task.train().sample(Math.min(100, task.train().size()), 0));
    }

    /** Returns what the paper compares this choice of layers with, as factors for {@link #study()}. */
    public Ablations ablations() {
        return Ablations.of(
                layers(),
                layers().equals(PublishedMask.of(model(), settings.task()).layers()));
    }

    /** Returns the lines, each quirk with what happens here, and what was chosen where the paper is silent. */
    public Provenance provenance() {
        return GlueNotes.of(this, switches).provenance();
    }

    /** Returns one row a setting: model, task, layers, recipe, training, metric, each quirk. */
    @Override
    public Table table() {
        return GlueNotes.of(this, switches).table();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GlueProtocol p
                && settings.equals(p.settings)
                && recipe.equals(p.recipe)
                && training.equals(p.training)
                && switches.equals(p.switches)
                && own.map(Task::recipe).equals(p.own.map(Task::recipe));
    }

    @Override
    public int hashCode() {
        return Arrays.asList(settings, recipe, training).hashCode();
    }

    @Override
    public String toString() {
        return lines;
    }
}
