// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lamella.base.Matrix;
import org.lamella.base.Progress;
import org.lamella.data.Split;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * The states of a split after every layer, read at a position, batch by batch.
 *
 * @param lastNorm whether the last is read after the norm that follows a decoder's last layer
 */
record StateStream(Transformer model, Split split, Position position, boolean lastNorm) {

    /** Hands the states to a reader; returns how many examples were read before the person asked to stop, if ever. */
    int read(StateReader reader) {
        Batches batches = model.batches(split);
        Pass pass = model.pass();
        int done = 0;
        try (Progress progress = Progress.start("reading states", split.size(), "examples")) {
            for (int[] examples : batches.byLength()) {
                try (Scope step = Scope.open()) {
                    reader.read(examples, states(pass, batches.of(examples, step), step), step);
                }
                done += examples.length;
                if (!progress.step(done)) {
                    break;
                }
            }
        }
        return done;
    }

    // each state is closed once the next layer has read it
    private List<Tensor> states(Pass pass, Batch batch, Scope owner) {
        Optional<Overlay> overlay = model.overlay();
        int last = model.depth() - 1;
        List<Tensor> read = new ArrayList<>(model.depth() + 1);
        Tensor state = pass.embed(batch, overlay, owner);
        read.add(pass.read(state, batch, position, owner));
        for (int layer = 0; layer < last; layer++) {
            Tensor before = state;
            state = pass.layer(layer, before, batch, overlay, owner);
            before.close();
            read.add(pass.read(state, batch, position, owner));
        }
        Tensor top = pass.layerAt(position, last, state, batch, overlay, owner);
        read.add(lastNorm ? pass.normed(top, owner) : top);
        state.close();
        return read;
    }

    /** Returns the states of all examples as plain values. */
    Representations representations() {
        int width = model.width();
        double[][] values = new double[model.depth() + 1][split.size() * width];
        int done = read((examples, states, scope) -> {
            for (int l = 0; l < states.size(); l++) {
                float[] rows = states.get(l).floats();
                for (int b = 0; b < examples.length; b++) {
                    for (int d = 0; d < width; d++) {
                        values[l][examples[b] * width + d] = rows[b * width + d];
                    }
                }
            }
        });
        if (done < split.size()) {
            throw new IllegalStateException("reading was stopped after " + done + " of " + split.size() + " examples");
        }
        return new Representations(Arrays.stream(values)
                .map(layer -> Matrix.of(split.size(), width, layer))
                .toList());
    }
}
