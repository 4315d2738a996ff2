// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.ArrayList;
import java.util.List;
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

/** Answers a split with the adapter cut at each boundary that keeps another set of layers, sharing what is below. */
final class Cuts {

    private final Overlay adapter;
    private final Split split;
    private final Batches batches;
    private final Pass pass;
    private final Head head;
    private final int depth;
    private final List<Integer> boundaries;

    Cuts(Transformer adapted, Split split) {
        this.adapter = adapted.overlay().orElseThrow();
        this.split = split;
        this.batches = adapted.batches(split);
        this.pass = adapted.pass();
        this.head = adapted.answering(split.task());
        this.depth = adapted.depth();
        this.boundaries = distinct(adapter.layers());
    }

    /** Returns the boundaries that keep another set of layers than the one below them. */
    static List<Integer> distinct(LayerSet layers) {
        return IntStream.rangeClosed(0, layers.depth())
                .filter(boundary -> boundary == 0 || layers.contains(boundary - 1))
                .boxed()
                .toList();
    }

    /** Returns the predictions of each distinct boundary in ascending order. */
    List<Predictions> run() {
        List<AnswerSheet> sheets = new ArrayList<>();
        boundaries.forEach(boundary -> sheets.add(AnswerSheet.of(batches, head.outputs())));
        int done = 0;
        try (Progress progress = Progress.start("sweeping boundaries", split.size(), "examples")) {
            for (int[] examples : batches.byLength()) {
                try (Scope step = Scope.open()) {
                    answer(batches.of(examples, step), examples, sheets, step);
                }
                done += examples.length;
                if (!progress.step(done)) {
                    break;
                }
            }
        }
        return sheets.stream().map(AnswerSheet::predictions).toList();
    }

    private void answer(Batch batch, int[] examples, List<AnswerSheet> sheets, Scope step) {
        Tensor prefix = pass.embed(batch, Optional.of(adapter), step); // the state below layer b of the whole adapter
        int layer = 0;
        for (int s = 0; s < boundaries.size(); s++) {
            for (; layer < boundaries.get(s); layer++) {
                Tensor below = prefix;
                prefix = layer(layer, below, batch, Optional.of(adapter), step);
                below.close();
            }
            try (Scope suffix = Scope.open()) {
                sheets.get(s).write(examples, above(layer, prefix, batch, suffix));
            }
        }
    }

    /** Returns the head's answer when the layers from the boundary on run without the adapter. */
    private float[] above(int boundary, Tensor prefix, Batch batch, Scope owner) {
        Tensor state = prefix;
        for (int layer = boundary; layer < depth; layer++) {
            Tensor below = state;
            state = layer(layer, below, batch, Optional.empty(), owner);
            if (below != prefix) {
                below.close();
            }
        }
        return pass.answers(state, batch, head, owner).floats();
    }

    // as the model's own forward pass: of the last layer only what the head reads, so that the bits are the same
    private Tensor layer(int layer, Tensor state, Batch batch, Optional<Overlay> overlay, Scope owner) {
        return layer == depth - 1
                ? pass.layerAtHead(layer, state, batch, head, overlay, owner)
                : pass.layer(layer, state, batch, overlay, owner);
    }
}
