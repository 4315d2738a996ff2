// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.LayerSet;
import org.lamella.base.Progress;
import org.lamella.data.Split;
import org.lamella.model.AnswerSheet;
import org.lamella.model.Batch;
import org.lamella.model.Batches;
import org.lamella.model.Head;
import org.lamella.model.Overlay;
import org.lamella.model.Pass;
import org.lamella.model.Predictions;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * Answers a split with the adapter on each of several sets of layers. Sets that agree on the layers below a place share
 * what is computed below it: the L + 1 sets of a sweep take {@code L + L (L + 1) / 2} layer passes instead of
 * {@code L (L + 1)}. Where sets part, the fewer go first from a state that stays, so that of S sets at most
 * {@code 1 + log2 S} states of a batch are in memory, two for those of a sweep. An adapter that replaces weights whole,
 * or adapts a vision tower, is laid over the model anew for each set.
 */
final class MaskedAnswers {

    private final String what;
    private final Overlay adapter;
    private final Batches batches;
    private final Pass pass;
    private final Head head;
    private final int depth;
    private final List<LayerSet> masks;
    private final List<Cut> cuts; // the adapter on each of them, where they share nothing
    private int done; // layer passes
    private boolean some; // one batch at least, which is finished in any case

    /**
     * Prepares the answers.
     *
     * @param what is done, for the bar of progress
     * @param masks the sets of layers; of each, those that the adapter has no pair on do not matter
     */
    MaskedAnswers(String what, Transformer adapted, Split split, List<LayerSet> masks) {
        this.what = what;
        this.adapter = adapted.overlay().orElseThrow();
        this.batches = adapted.batches(split);
        this.pass = adapted.pass();
        this.head = adapted.answering(split.task());
        this.depth = adapted.depth();
        this.masks = masks.stream().map(adapter.changed()::intersection).toList();
        this.cuts = adapter.pairsAlone()
                ? List.of()
                : this.masks.stream()
                        .map(mask -> Cut.of(adapted.with(adapter.keeping(mask)), split))
                        .toList();
    }

    /** Returns how many layers are run for each batch. */
    int passes() {
        return adapter.pairsAlone() ? passes(0, every()) : masks.size() * depth;
    }

    private int passes(int layer, int[] group) {
        if (layer == depth) {
            return 0;
        }
        int[] on = on(layer, group);
        int[] off = off(layer, group);
        return (on.length == 0 ? 0 : 1 + passes(layer + 1, on)) + (off.length == 0 ? 0 : 1 + passes(layer + 1, off));
    }

    private int[] every() {
        return IntStream.range(0, masks.size()).toArray();
    }

    private int[] on(int layer, int[] group) {
        return Arrays.stream(group)
                .filter(mask -> masks.get(mask).contains(layer))
                .toArray();
    }

    private int[] off(int layer, int[] group) {
        return Arrays.stream(group)
                .filter(mask -> !masks.get(mask).contains(layer))
                .toArray();
    }

    /** Returns the predictions under each set, in their order; of fewer examples, one batch at least, when asked to stop. */
    List<Predictions> run() {
        List<AnswerSheet> sheets = masks.stream()
                .map(mask -> AnswerSheet.of(batches, head.outputs()))
                .toList();
        List<int[]> order = batches.answerable();
        try (Progress progress = Progress.start(what, (long) order.size() * passes(), "layer passes")) {
            for (int[] examples : order) {
                if (!answer(examples, sheets, progress)) {
                    break;
                }
            }
        }
        return sheets.stream().map(AnswerSheet::predictions).toList();
    }

    private boolean answer(int[] examples, List<AnswerSheet> sheets, Progress progress) {
        try (Scope step = Scope.open()) {
            Batch batch = batches.of(examples, step);
            if (!adapter.pairsAlone()) {
                return apart(batch, examples, sheets, progress);
            }
            Descent descent = new Descent(batch, step, progress);
            if (!descent.from(0, pass.embed(descent.batch, Optional.of(adapter), step), every())) {
                return false;
            }
            some = true;
            descent.answers.forEach((mask, answer) -> sheets.get(mask).write(examples, answer));
            return true;
        }
    }

    // what is replaced before the layers, or for all of them, leaves sets nothing to share
    private boolean apart(Batch batch, int[] examples, List<AnswerSheet> sheets, Progress progress) {
        List<float[]> answers = new ArrayList<>();
        for (Cut cut : cuts) {
            try (Scope step = Scope.open()) {
                answers.add(cut.pass.answer(batch, cut.overlay, cut.head, step).floats());
            }
            done += depth;
            if (!progress.step(done) && some) {
                return false;
            }
        }
        some = true;
        for (int mask = 0; mask < answers.size(); mask++) {
            sheets.get(mask).write(examples, answers.get(mask));
        }
        return true;
    }

    /** The model with the adapter on one of the sets alone. */
    private record Cut(Optional<Overlay> overlay, Pass pass, Head head) {

        static Cut of(Transformer model, Split split) {
            return new Cut(model.overlay(), model.pass(), model.answering(split.task()));
        }
    }

    /** The way of one batch through the layers, under all sets. */
    private final class Descent {
        private final Batch batch;
        private final Scope step;
        private final Progress progress;
        private final Map<Integer, float[]> answers = new HashMap<>();

        Descent(Batch batch, Scope step, Progress progress) {
            this.batch = batch;
            this.step = step;
            this.progress = progress;
        }

        // from the state below a layer of all sets of a group, which is freed here; false when asked to stop
        boolean from(int first, Tensor below, int[] all) {
            Tensor state = below;
            int[] group = all;
            for (int layer = first; layer < depth; layer++) {
                int[] on = on(layer, group);
                int[] off = off(layer, group);
                boolean more = on.length >= off.length;
                int[] fewer = more ? off : on;
                if (fewer.length > 0 && !from(layer + 1, layer(layer, state, !more), fewer)) {
                    return false;
                }
                Tensor next = layer(layer, state, more);
                state.close();
                state = next;
                group = more ? on : off;
                if (!progress.step(done) && some) {
                    return false;
                }
            }
            float[] answer = pass.answers(state, batch, head, step).floats();
            state.close();
            for (int mask : group) {
                answers.put(mask, answer);
            }
            return true;
        }

        // as the model's own forward pass: of the last layer only what the head reads, so that the bits are the same
        private Tensor layer(int layer, Tensor state, boolean adapted) {
            done++;
            Optional<Overlay> overlay = adapted ? Optional.of(adapter) : Optional.empty();
            return layer == depth - 1
                    ? pass.layerAtHead(layer, state, batch, head, overlay, step)
                    : pass.layer(layer, state, batch, overlay, step);
        }
    }
}
