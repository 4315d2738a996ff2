// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.base.Interval;
import org.lamella.base.Listing;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.Sample;
import org.lamella.data.Split;
import org.lamella.model.Overlay;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * How good a model's answers on one split are: the task's metrics and the mean loss, each with its 95 % interval.
 *
 * <p>Intervals come from 2,000 resamples of the examples, the answers to one prompt drawn together; they say what another
 * draw of examples would change, not what another training seed would. Evaluations of one split see the same resamples,
 * so {@link #against} compares them pair by pair. Immutable, plain Java values.
 */
public final class Evaluation implements Result {

    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);

    private final String name;
    private final Predictions predictions;
    private final Scores scores;
    private final Map<String, Interval> intervals;
    private final @Nullable Recipe recipe; // null when only the predictions are known
    private final Provenance provenance;

    private Evaluation(
            String name, Predictions predictions, Scores scores, @Nullable Recipe recipe, Provenance provenance) {
        this.name = name;
        this.predictions = predictions;
        this.scores = scores;
        this.intervals = Collections.unmodifiableMap(scores.intervals());
        this.recipe = recipe;
        this.provenance = provenance;
    }

    /**
     * Throws {@link IllegalArgumentException} when a split cannot be measured whatever answers: it is empty, an example has
     * no truth, or its task names a metric that is not known or not meant for it. For work that measures at its end.
     */
    public static void requireMeasurable(Split split) {
        Answers.requireTruth(split);
    }

    /**
     * Returns how good the model's answers on the split are.
     *
     * <p>Warns in {@link #provenance()} when the split shares examples with those the model's adapter was trained on,
     * or those its layers or its boundary were picked on. Cost: one pass over the split.
     *
     * @param model the model, with or without an adapter laid over it
     * @param split the examples, at least one, each with its label or target
     */
    public static Evaluation measure(Transformer model, Split split) {
        Answers.requireTruth(split);
        Provenance started = model.provenance(
                split,
                "var model = " + model.recipe() + ";\nvar measured = Evaluation.measure(model, " + split.recipe()
                        + ");");
        Predictions predictions = model.predict(split);
        Scores scores = Scores.of(predictions);
        Provenance facts = describe(started, predictions, scores);
        Optional<String> stopped = predictions.stopped(split);
        if (stopped.isPresent()) {
            facts = facts.warning(warn(stopped.get()));
        }
        return of(predictions, scores, model, facts);
    }

    /**
     * Returns how good these answers are; what made them is not known, so that a comparison cannot check it.
     *
     * @param predictions of at least one example, each with its label or target
     */
    public static Evaluation of(Predictions predictions) {
        Scores scores = Scores.of(predictions);
        Provenance started = Provenance.of("Evaluation.of(predictions)");
        for (String warning : predictions.split().warnings()) {
            started = started.warning(warning);
        }
        return new Evaluation(
                "predictions",
                predictions,
                scores,
                null,
                describe(started, predictions, scores).finished());
    }

    /**
     * Returns how good these answers are, and what made them.
     *
     * @param predictions of at least one example, each with its label or target
     * @param model the model that made them
     */
    public static Evaluation of(Predictions predictions, Transformer model) {
        Scores scores = Scores.of(predictions);
        Provenance started = model.provenance(
                predictions.split(),
                "var model = " + model.recipe() + ";\nvar measured = Evaluation.measure(model, "
                        + predictions.split().recipe() + ");");
        return of(predictions, scores, model, describe(started, predictions, scores));
    }

    private static Evaluation of(Predictions predictions, Scores scores, Transformer model, Provenance described) {
        Recipe recipe = Recipe.of(model);
        Provenance facts = described;
        for (Map.Entry<String, String> setting : recipe.settings().entrySet()) {
            facts = facts.with(setting.getKey(), setting.getValue());
        }
        facts = honest(facts, model, predictions.split());
        String name =
                model.overlay().map(over -> "layers " + over.layers().mask()).orElse(recipe.model());
        return new Evaluation(name, predictions, scores, recipe, facts.finished());
    }

    private static Provenance describe(Provenance started, Predictions predictions, Scores scores) {
        Split split = predictions.split();
        Provenance facts = started.with("task", split.task().name())
                .with("split", split.name())
                .with("examples", split.size())
                .with("examples hash", split.hash())
                .with("cut", predictions.cut() + " of " + split.size() + " texts")
                .with("intervals", scores.describeIntervals());
        if (predictions.leftOut() > 0) {
            facts = facts.warning(
                    warn(predictions.leftOut() + " prompts fill all tokens that the model takes, so nothing of"
                            + " their answers is measured; " + split.size() + " are"));
        }
        for (Map.Entry<String, Interval> metric : scores.intervals().entrySet()) {
            if (Double.isNaN(metric.getValue().value())) {
                facts = facts.warning(metric.getKey() + " " + Answers.whyUndefined(predictions));
            }
        }
        return facts;
    }

    /** Returns the notes with a warning where a model's adapter has seen, or was picked on, examples of a split. */
    static Provenance honest(Provenance facts, Transformer model, Split split) {
        return model.overlay().map(overlay -> honest(facts, overlay, split)).orElse(facts);
    }

    private static Provenance honest(Provenance facts, Overlay overlay, Split split) {
        Provenance careful = facts;
        for (Sample sample : overlay.pickedOn()) {
            if (sample.overlaps(split)) {
                careful = careful.warning(warn(Provenance.PICKED_HERE + ": layers or boundary were" + " picked on "
                        + sample.name() + ", which shares examples with " + split.name()));
            }
        }
        for (Sample sample : overlay.trainedOn()) {
            if (sample.overlaps(split)) {
                careful = careful.warning(warn(Provenance.TRAINED_HERE + ": the adapter was trained on " + sample.name()
                        + ", which shares examples with " + split.name()));
            }
        }
        return careful;
    }

    private static String warn(String sentence) {
        LOG.warn(sentence);
        return sentence;
    }

    /** Returns this evaluation under another name, by which comparisons call it. */
    public Evaluation named(String newName) {
        Provenance renamed = provenance.then(".named(\"" + newName + "\")");
        return new Evaluation(newName, predictions, scores, recipe, renamed);
    }

    /** Returns the name by which comparisons call it; without {@link #named} the mask of the adapter's layers. */
    public String name() {
        return name;
    }

    /** Returns each metric of the task in its order, then {@code loss}, with 95 % intervals. */
    public Map<String, Interval> metrics() {
        return intervals;
    }

    /** Returns a metric of the task, or {@code loss}, by its name. */
    public Interval value(String metric) {
        scores.requireKnown(metric);
        return intervals.getOrDefault(metric, Interval.exactly(Double.NaN));
    }

    /** Returns the mean loss: cross-entropy in nats, or the squared error of a regression. Less is better. */
    public Interval loss() {
        return value(Scores.LOSS);
    }

    /** Returns the answers that were judged. */
    public Predictions predictions() {
        return predictions;
    }

    /** Returns the examples that were answered wrongly. */
    public Listing mistakes() {
        return predictions.mistakes();
    }

    /** Returns how often each true label got each answer; a regression has none. */
    public Confusion confusion() {
        return Confusion.of(this);
    }

    /**
     * Returns this evaluation beside others of the same examples, each with its paired difference from this one.
     *
     * <p>{@link Comparison#provenance()} names whatever differs between the recipes beyond their layers.
     */
    public Comparison against(Evaluation... others) {
        List<Evaluation> all = new ArrayList<>(List.of(this));
        all.addAll(Arrays.asList(others));
        return Comparison.of(all);
    }

    /** Returns one row a metric, the loss last: metric, value, low, high, and a note where the value is undefined. */
    @Override
    public Table table() {
        Table table = Table.create(provenance.titled(name + " on " + predictions.split()));
        StringColumn metric = StringColumn.create("metric");
        DoubleColumn value = DoubleColumn.create("value");
        DoubleColumn low = DoubleColumn.create("low");
        DoubleColumn high = DoubleColumn.create("high");
        StringColumn note = StringColumn.create("note");
        intervals.forEach((metricName, interval) -> {
            metric.append(metricName);
            value.append(interval.value());
            low.append(interval.low());
            high.append(interval.high());
            note.append(Double.isNaN(interval.value()) ? Answers.whyUndefined(predictions) : "");
        });
        table.addColumns(metric, value, low, high);
        return note.countMissing() == note.size() ? table : table.addColumns(note);
    }

    /** Returns a bar with its interval for each metric; the loss has another unit and is left to the table. */
    @Override
    public Figure chart() {
        return Bars.of(List.of(this), provenance).note(this + ".").figure();
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    Scores scores() {
        return scores;
    }

    Optional<Recipe> recipe() {
        return Optional.ofNullable(recipe);
    }

    /** Returns one line, for instance {@code CKA half on test: accuracy 0.9420 (0.9320 to 0.9513), ...}. */
    @Override
    public String toString() {
        return name + " on " + predictions.split().name() + ": "
                + intervals.entrySet().stream()
                        .map(metric -> String.format(Locale.ROOT, "%s %s", metric.getKey(), metric.getValue()))
                        .collect(Collectors.joining(", "));
    }
}
