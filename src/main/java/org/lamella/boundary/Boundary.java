// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.Choice;
import org.lamella.base.LayerSet;
import org.lamella.data.Split;
import org.lamella.eval.Comparison;
import org.lamella.eval.Evaluation;
import org.lamella.eval.TextMarks;
import org.lamella.lora.Adapter;
import org.lamella.model.Overlay;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;

/**
 * Finds up to which layer an adapter is needed at inference: adapters on layers with an index below the boundary stay,
 * those above are switched off, and nothing is trained again (Chen et al. 2025,
 * <a href="https://arxiv.org/abs/2503.23360">arXiv 2503.23360</a>; its search algorithm is not public in full, so the
 * rules here are ours and are stated where they are applied).
 *
 * <p>Use it when an adapter is trained and examples are at hand that were neither trained on nor will be reported on.
 * Do not use it to save training, which it needs in full, nor to speed up a merged model, which it cannot.
 */
public final class Boundary {

    private Boundary() {}

    /**
     * Returns the loss and every metric for each boundary from 0, the bare encoder under the trained head, to the depth,
     * the whole adapter.
     *
     * <p>The states of the whole adapter are the common beginning of every boundary, so of L adapted layers
     * {@code L + L (L + 1) / 2} layer passes are run instead of {@code L (L + 1)}; boundaries that keep the same adapted
     * layers are computed once. Memory: two states of a batch. Asked to stop, it returns what it has of the examples done
     * so far, the shortest texts first, and says so in its provenance.
     *
     * @param model the model without the adapter
     * @param adapter the trained adapter
     * @param split the examples to look at, each with its label or target; report on others
     */
    public static Sweep sweep(Transformer model, Overlay adapter, Split split) {
        Evaluation.requireMeasurable(split);
        Transformer adapted = model.with(adapter);
        LayerSet layers = adapted.overlay().orElseThrow().changed();
        List<LayerSet> masks =
                Sweep.distinct(layers).stream().map(layers::below).toList();
        return Sweep.of(adapted, split, new MaskedAnswers("sweeping boundaries", adapted, split, masks).run());
    }

    /**
     * Returns how the head takes the truth when it reads the state after each layer (the logit lens), once of the adapted
     * model and once of the bare one: the probability of the true label, or of the tokens of the true answer, each after
     * the true ones before it; {@link Trace#in} gives other measures of the same reading. States are normed before words
     * are read as after the last layer; the last point of the adapted curve is the model's own answer.
     *
     * <p>This observes; it is {@link #sweep} that intervenes. The head was trained on the last layer's states, so a low
     * probability below may mean that it cannot read them, not that they do not know.
     *
     * <p>Cost: two forward passes, and the head for each layer; the logits of some hundred states are in memory at a time.
     * Asked to stop, it returns what it has of the examples done so far, the shortest first, and says so.
     *
     * @param model the model without the adapter
     * @param adapter the trained adapter
     * @param split the examples to look at, each with its truth
     */
    public static Trace trace(Transformer model, Overlay adapter, Split split) {
        Evaluation.requireMeasurable(split);
        Transformer adapted = model.with(adapter);
        Readings.Pair read = new Readings(adapted, split).run();
        Evaluation last = Evaluation.of(read.adapted().get(adapted.depth()));
        return Trace.of(read, Notes.of("trace", adapted, split, last).finished());
    }

    /**
     * Returns four curves over the layers beside each other: {@link #trace}, the answer with the adapter below each boundary
     * and, as its mirror, from it on, and by how much each layer's pairs help beside all others and alone.
     *
     * <p>Cost: the trace, and of L adapted layers about 2 L (L + 1) layer passes, of which those that sets of layers share
     * are run once; memory some states of a batch.
     *
     * @param model the model without the adapter
     * @param adapter the trained adapter
     * @param split the examples to look at, each with its truth
     */
    public static Curves curves(Transformer model, Overlay adapter, Split split) {
        Trace trace = trace(model, adapter, split);
        Transformer adapted = model.with(adapter);
        LayerSet layers = adapted.overlay().orElseThrow().changed();
        List<LayerSet> masks = Curves.masks(layers);
        // of a trace that was stopped the same examples
        Split read = trace.stopped(split) ? trace.split() : split;
        List<Predictions> answers = new MaskedAnswers("drawing curves", adapted, read, masks).run();
        Split done = answers.get(0).split();
        if (done.size() < trace.split().size()) {
            trace = trace(model, adapter, done);
        }
        if (done.size() != trace.split().size()) {
            throw new IllegalStateException("curves were stopped before the trace had read what the others had; "
                    + "Boundary.trace and Boundary.sweep keep what they have");
        }
        Map<LayerSet, Predictions> each = new LinkedHashMap<>();
        for (int i = 0; i < masks.size(); i++) {
            each.put(masks.get(i), answers.get(i));
        }
        return Curves.of(
                trace,
                layers,
                each,
                Notes.of("curves", adapted, split, Evaluation.of(answers.get(0)))
                        .finished());
    }

    /**
     * Returns how good the model is with the adapter on each of several sets of layers, by their names, beside the whole
     * adapter. Sets share what they have in common below the layer where they part.
     *
     * @param model the model without the adapter
     * @param adapter the trained adapter
     * @param split the examples to look at, each with its truth
     * @param masks at least one set by the name that tables print; layers without a pair in them do not matter
     */
    public static Comparison masks(Transformer model, Adapter adapter, Split split, Map<String, LayerSet> masks) {
        Evaluation.requireMeasurable(split);
        if (masks.isEmpty()) {
            throw new IllegalArgumentException("masks must be at least one set of layers by a name; got none");
        }
        return new Controls(model, adapter.fittedTo(model), split).on(masks);
    }

    /**
     * Returns what else could explain that an adapter does well below a boundary, beside the whole adapter: its pairs from
     * the boundary on; as many of the last; as many drawn at random, up to five other sets; none; and all of them with a
     * change as small as that of those kept, which is shrinking without regard to depth (where pairs alone were trained).
     * An adapter that was trained on the layers below only, which says whether the others were needed in training, is
     * added with {@link Comparison#and}.
     *
     * <p>Measured on the examples that the boundary was chosen on, the result warns.
     *
     * @param model the model without the adapter
     * @param adapter the trained adapter
     * @param boundary the boundary, with how it was chosen
     * @param split other examples than the boundary was chosen on, each with its truth
     */
    public static Comparison controls(Transformer model, Adapter adapter, Choice boundary, Split split) {
        return controls(model, adapter.pickedOn(boundary), boundary.value(), split);
    }

    /** Returns the same controls of a boundary that nobody chose by looking at examples. */
    public static Comparison controls(Transformer model, Adapter adapter, int boundary, Split split) {
        LayerSet layers = model.with(adapter).overlay().orElseThrow().changed();
        if (layers.below(boundary).isEmpty() || layers.below(boundary).equals(layers)) {
            throw new IllegalArgumentException("boundary must keep some of the adapted layers " + layers.indices()
                    + " and drop others; got " + boundary);
        }
        Comparison others = masks(model, adapter, split, Controls.beside(layers, boundary));
        Split measured = others.evaluations().get(0).predictions().split(); // fewer examples where it was stopped
        return new Controls(model, adapter.fittedTo(model), measured).shrunk(boundary, others);
    }

    /**
     * Searches the boundary by what the model writes, see {@link Search}.
     *
     * <p>Cost: a sweep by loss, and as many times writing an answer to each prompt as boundaries are left. Asked to stop,
     * it keeps the boundaries that all answers were written with, the whole adapter first, and says so.
     *
     * @param model the model without the adapter; one that writes
     * @param adapter the trained adapter
     * @param split prompts with their answers; report on others
     * @param search the metric, how to write, and how many boundaries to write with
     */
    public static Found search(Transformer model, Adapter adapter, Split split, Search search) {
        if (!model.writes()) {
            throw new IllegalArgumentException("model must write to be searched by its texts; got " + model.name()
                    + ", which does not; Boundary.sweep chooses by loss");
        }
        search.also().stream()
                .filter(wanted -> wanted > model.depth())
                .findFirst()
                .ifPresent(wanted -> {
                    throw new IllegalArgumentException("boundaries that are written with in any case must be 0 to "
                            + model.depth() + "; got " + wanted);
                });
        Sweep sweep = sweep(model, adapter, split);
        Split asked = sweep.evaluation(sweep.depth()).predictions().split(); // without prompts that leave no room
        Adapter fitted = adapter.fittedTo(model);
        Map<Integer, TextMarks> marks = new LinkedHashMap<>();
        for (int boundary : Found.shortlist(search, sweep)) {
            Optional<TextMarks> written = TextMarks.measureAll(
                    model.with(fitted.keeping(boundary)), asked, search.generation(), search.metric());
            if (written.isEmpty()) {
                break;
            }
            marks.put(boundary, written.get().named("boundary " + boundary));
        }
        if (marks.isEmpty()) {
            throw new IllegalStateException(
                    "the search was stopped before the whole adapter had written all its answers");
        }
        return Found.of(search, sweep, marks, asked, Notes.searched(sweep.provenance(), search));
    }
}
