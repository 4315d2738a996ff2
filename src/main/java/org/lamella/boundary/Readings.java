// SPDX-License-Identifier: Apache-2.0
package org.lamella.boundary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

/** Reads a split through the head after every layer, adapted and bare. */
final class Readings {

    /**
     * What the head read after 0 to depth layers.
     *
     * @param adapted with the adapter
     * @param bare without it, under the same head
     */
    record Pair(List<Predictions> adapted, List<Predictions> bare) {

        Pair {
            adapted = List.copyOf(adapted);
            bare = List.copyOf(bare);
        }
    }

    // states of several layers go through a head of words together, since that gets through its matrix for many as for
    // few
    private static final int TOGETHER = 512;

    private final Split split;
    private final Batches batches;
    private final Model whole;
    private final Model bare;
    private final int depth;

    /** What reads: the matrix of words, too, may be the adapter's. */
    private record Model(Optional<Overlay> overlay, Pass pass, Head head) {}

    Readings(Transformer adapted, Split split) {
        Overlay adapter = adapted.overlay().orElseThrow();
        this.split = split;
        this.batches = adapted.batches(split);
        this.depth = adapted.depth();
        this.whole = new Model(Optional.of(adapter), adapted.pass(), adapted.answering(split.task()));
        Transformer without = adapted.with(adapter.keeping(LayerSet.none(depth)));
        this.bare = new Model(Optional.empty(), without.pass(), without.answering(split.task()));
    }

    Pair run() {
        List<AnswerSheet> adapted = sheets();
        List<AnswerSheet> alone = sheets();
        int done = 0;
        try (Progress progress = Progress.start("tracing", split.size(), "examples")) {
            for (int[] examples : batches.answerable()) {
                try (Scope step = Scope.open()) {
                    Batch batch = batches.of(examples, step);
                    read(batch, examples, whole, adapted);
                    read(batch, examples, bare, alone);
                }
                done += examples.length;
                if (!progress.step(done)) {
                    break;
                }
            }
        }
        return new Pair(predictions(adapted), predictions(alone));
    }

    private List<AnswerSheet> sheets() {
        return Stream.generate(() -> AnswerSheet.of(batches, whole.head.outputs()))
                .limit(depth + 1L)
                .toList();
    }

    private static List<Predictions> predictions(List<AnswerSheet> sheets) {
        return sheets.stream().map(AnswerSheet::predictions).toList();
    }

    private void read(Batch batch, int[] examples, Model model, List<AnswerSheet> sheets) {
        Optional<Overlay> overlay = model.overlay;
        Pass pass = model.pass;
        Head head = model.head;
        try (Scope step = Scope.open()) {
            Tensor state = pass.embed(batch, overlay, step);
            List<Tensor> reads = new ArrayList<>(); // of the layers whose answers are not written yet
            for (int layer = 0; layer < depth; layer++) {
                reads.add(pass.readAtHead(state, batch, head, step));
                if (layer == depth - 1 || reads.size() * reads.get(0).size(0) >= TOGETHER) {
                    write(model, reads, batch, examples, sheets.subList(layer + 1 - reads.size(), layer + 1));
                    reads.forEach(Tensor::close);
                    reads.clear();
                }
                Tensor below = state;
                // of the last layer only what the head reads, as in the model's own forward pass
                state = layer == depth - 1
                        ? pass.layerAtHead(layer, below, batch, head, overlay, step)
                        : pass.layer(layer, below, batch, overlay, step);
                below.close();
            }
            sheets.get(depth)
                    .write(examples, pass.answers(state, batch, head, step).floats());
        }
    }

    private static void write(Model model, List<Tensor> reads, Batch batch, int[] examples, List<AnswerSheet> sheets) {
        float[] answers;
        try (Scope step = Scope.open()) {
            answers = model.pass.answersEach(reads, batch, model.head, step).floats();
        }
        int numbers = examples.length * model.head.outputs();
        for (int i = 0; i < sheets.size(); i++) {
            sheets.get(i).write(examples, Arrays.copyOfRange(answers, i * numbers, (i + 1) * numbers));
        }
    }
}
