// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamella.base.Progress;
import org.lamella.data.Split;
import org.lamella.model.Batch;
import org.lamella.model.Batches;
import org.lamella.model.Pass;
import org.lamella.model.Position;
import org.lamella.model.Transformer;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** The states of a split at several positions, kept whole from one forward pass. */
final class OneReading {

    private final Transformer model;
    private final boolean lastNorm;
    private final Map<Position, KeptStates> kept = new EnumMap<>(Position.class);
    private int read;

    private OneReading(Transformer model, boolean lastNorm) {
        this.model = model;
        this.lastNorm = lastNorm;
    }

    /**
     * Reads a split once; fewer examples come when the person stops it.
     *
     * @param lastNorm whether the last state is read after the norm that follows a decoder's last layer
     * @param owner owns the states: examples x (depth + 1) x width single-precision numbers a position
     */
    static OneReading of(Transformer model, Split split, List<Position> positions, boolean lastNorm, Scope owner) {
        OneReading reading = new OneReading(model, lastNorm);
        int[] every = IntStream.range(0, split.size()).toArray();
        positions.forEach(position -> reading.kept.put(position, KeptStates.of(owner, split.size(), every)));
        reading.read(model.batches(split), split.size());
        return reading;
    }

    private void read(Batches batches, int examples) {
        Pass pass = model.pass();
        try (Progress progress = Progress.start("reading states", examples, "examples")) {
            for (int[] group : batches.byLength()) {
                try (Scope step = Scope.open()) {
                    read(pass, batches.of(group, step), group, step);
                }
                read += group.length;
                if (!progress.step(read)) {
                    return;
                }
            }
        }
    }

    private void read(Pass pass, Batch batch, int[] group, Scope step) {
        Map<Position, List<Tensor>> states = new EnumMap<>(Position.class);
        kept.keySet().forEach(position -> states.put(position, new ArrayList<>()));
        Tensor state = pass.embed(batch, model.overlay(), step);
        for (int layer = 0; layer <= model.depth(); layer++) {
            Tensor now = lastNorm && layer == model.depth() ? pass.normed(state, step) : state;
            states.forEach((position, list) -> list.add(pass.read(now, batch, position, step)));
            if (layer < model.depth()) {
                state = pass.layer(layer, now, batch, model.overlay(), step);
            }
            now.close();
        }
        kept.forEach((position, room) -> room.take(group, states.getOrDefault(position, List.of()), step));
    }

    /** Returns how many examples were read. */
    int size() {
        return read;
    }

    /** Returns some of the examples read, by their place among them in the order of the split, as they are at a position. */
    Source source(Position position, int[] places) {
        KeptStates states = kept.get(position);
        if (states == null) {
            throw new IllegalArgumentException("position must be one of " + kept.keySet() + "; got " + position);
        }
        return states.source(model.depth(), places);
    }

    /** Returns all examples read. */
    Source source(Position position) {
        return source(position, IntStream.range(0, read).toArray());
    }
}
