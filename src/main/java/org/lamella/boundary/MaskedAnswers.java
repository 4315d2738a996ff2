// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
 * {@code 1 + log2 S} states of a batch are in memory, two for those of a sweep. What an adapter has before the layers
 * (weights that it replaces whole, a projector, pairs on words or in a vision tower) is there for all sets but the empty one,
 * which then shares nothing with the others.
 */
final class MaskedAnswers {

    private final String what;
    private final Batches batches;
    private final Head head;
    private final int depth;
    private final List<LayerSet> masks;
    private final List<Cut> cuts; // the adapter on each of them
    private final List<int[]> roots; // sets whose states before the layers are the same
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
        Overlay adapter = adapted.overlay().orElseThrow();
        this.batches = adapted.batches(split);
        this.head = adapted.answering(split.task());
        this.depth = adapted.depth();
        this.masks = masks.stream().map(adapter.changed()::intersection).toList();
        this.cuts = this.masks.stream()
                .map(mask -> Cut.of(adapted.with(adapter.keeping(mask)), split))
                .toList();
        this.roots = adapter.pairsAlone()
                ? List.of(every())
                : List.of(those(mask -> !mask.isEmpty()), those(LayerSet::isEmpty));
    }

    private int[] those(Predicate<LayerSet> wanted) {
        return Arrays.stream(every())
                .filter(mask -> wanted.test(masks.get(mask)))
                .toArray();
    }

    /** Returns how many layers are run for each batch. */
    int passes() {
        return roots.stream().mapToInt(root -> passes(0, root)).sum();
    }

    private int passes(int layer, int[] group) {
        if (layer == depth || group.length == 0) {
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
            Descent descent = new Descent(batch, step, progress);
            for (int[] root : roots) {
                if (root.length > 0 && !descent.from(0, descent.embedded(root[0]), root)) {
                    return false;
                }
            }
            some = true;
            descent.answers.forEach((mask, answer) -> sheets.get(mask).write(examples, answer));
            return true;
        }
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

        Tensor embedded(int mask) {
            Cut cut = cuts.get(mask);
            return cut.pass.embed(batch, cut.overlay, step);
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
                if (fewer.length > 0 && !from(layer + 1, layer(layer, state, fewer[0]), fewer)) {
                    return false;
                }
                group = more ? on : off;
                Tensor next = layer(layer, state, group[0]);
                state.close();
                state = next;
                if (!progress.step(done) && some) {
                    return false;
                }
            }
            Cut cut = cuts.get(group[0]);
            float[] answer = cut.pass.answers(state, batch, cut.head, step).floats();
            state.close();
            for (int mask : group) {
                answers.put(mask, answer);
            }
            return true;
        }

        // under one set of those that agree on this layer and the ones below; as the model's own forward pass: of the
        // last
        // layer only what the head reads, so that the bits are the same
        private Tensor layer(int layer, Tensor state, int mask) {
            done++;
            Cut cut = cuts.get(mask);
            return layer == depth - 1
                    ? cut.pass.layerAtHead(layer, state, batch, cut.head, cut.overlay, step)
                    : cut.pass.layer(layer, state, batch, cut.overlay, step);
        }
    }
}
