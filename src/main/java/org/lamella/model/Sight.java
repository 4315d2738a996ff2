// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.picture.Picture;
import org.lamella.data.Example;
import org.lamella.tensor.DType;
import org.lamella.tensor.GradMode;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Script;
import org.lamella.tensor.Tensor;

/** The eyes of a decoder: the weights of its vision tower and of the projector behind it. */
final class Sight {

    private final Vision vision;
    private final Weights tower;
    private final List<Tensor> projector;
    private final Script script;

    /** Puts together what sees; the tensors belong to their owners. */
    Sight(Vision vision, Weights tower, List<Tensor> projector) {
        this.vision = vision;
        this.tower = tower;
        this.projector = List.copyOf(projector);
        script = Script.compile(vision.script());
    }

    private Sight(Sight base, Weights tower, List<Tensor> projector) {
        vision = base.vision;
        this.tower = tower;
        this.projector = projector;
        script = base.script;
    }

    Weights tower() {
        return tower;
    }

    Vision vision() {
        return vision;
    }

    /** Returns these eyes in another type of number. */
    Sight in(DType dtype, Scope owner, Map<Tensor, Tensor> made) {
        List<Tensor> cast = projector.stream()
                .map(weight -> made.computeIfAbsent(weight, fresh -> fresh.to(dtype, owner)))
                .toList();
        return new Sight(this, tower.in(dtype), cast);
    }

    /** Returns these eyes with an adapter in their weights. */
    Sight with(Overlay overlay, Map<String, Tensor> replaced) {
        Weights merged =
                overlay.tower().isPresent() ? tower.with(overlay.tower().get()) : tower;
        return new Sight(this, merged, projector(replaced));
    }

    /** Returns the weights of the projector by name. */
    Map<String, Tensor> named() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        IntStream.range(0, projector.size())
                .forEach(i -> named.put(vision.projector().get(i).name(), projector.get(i)));
        return named;
    }

    private List<Tensor> projector(Map<String, Tensor> replaced) {
        return IntStream.range(0, projector.size())
                .mapToObj(i -> replaced.getOrDefault(vision.projector().get(i).name(), projector.get(i)))
                .toList();
    }

    /**
     * Returns embedded words (N, D) of a batch with its projected pictures among them.
     *
     * @param overlay on the tower
     * @param replaced weights that stand in place of the frozen ones, by name
     * @param pairRate the dropout rate before the down projections of the tower's pairs
     */
    Tensor over(
            Tensor words,
            Batch batch,
            Optional<? extends Overlay> overlay,
            Map<String, Tensor> replaced,
            double pairRate,
            Scope owner) {
        try (Scope step = Scope.open()) {
            return script.call("over")
                    .with(words)
                    .with(batch.marks())
                    .with(features(batch.pictures(), overlay, pairRate, step))
                    .with(projector(replaced))
                    .one(owner);
        }
    }

    /** Returns what the tower says of pictures, (I P, E n), before the projector. */
    Tensor features(List<Picture> pictures, Optional<? extends Overlay> overlay, double pairRate, Scope owner) {
        Batch batch = Batch.of(
                IntStream.range(0, pictures.size()).toArray(),
                pictures.stream()
                        .map(picture -> Tokens.of(picture, tower.architecture().limit()))
                        .toList(),
                owner);
        Pass pass = Pass.still(tower).withDropout(false, pairRate);
        int lowest = overlay.map(over -> over.layers().indices())
                .filter(layers -> !layers.isEmpty())
                .map(layers -> layers.get(0))
                .orElse(tower.architecture().depth());
        Tensor state;
        try (GradMode off = GradMode.disabled()) {
            state = pass.embed(batch, overlay, owner);
        }
        List<Tensor> states = new ArrayList<>();
        states.add(state);
        for (int layer = 0; layer < vision.height(); layer++) {
            if (layer < lowest) {
                try (GradMode off = GradMode.disabled()) {
                    state = pass.layer(layer, state, batch, overlay, owner);
                }
            } else {
                state = pass.layer(layer, state, batch, overlay, owner);
            }
            states.add(state);
            if (!vision.states().contains(layer)) {
                states.get(layer).close();
            }
        }
        return script.call("taken")
                .with(vision.states().stream().map(states::get).toList())
                .with(vision.patchesOnly() ? batch.patches() : batch.every())
                .one(owner);
    }

    /** Returns the tokens of examples with a picture each, for a tower. */
    static List<Tokens> tokens(Weights tower, List<Example> examples) {
        int places = tower.architecture().limit();
        return examples.stream()
                .map(example -> {
                    if (example.pictures().size() != 1) {
                        throw new IllegalArgumentException("example must have one picture for " + tower.name()
                                + "; got " + example.pictures().size() + " in " + example.texts());
                    }
                    return Tokens.of(example.pictures().get(0), places);
                })
                .toList();
    }

    /** Returns the pixels of a batch's pictures as a tower takes them, (B, 3, S, S). */
    static Tensor pixels(Weights tower, Batch batch, Scope owner) {
        int side = tower.architecture().sees().orElseThrow();
        int each = 3 * side * side;
        List<Picture> pictures = batch.pictures();
        float[] numbers = new float[Math.multiplyExact(each, pictures.size())];
        for (int i = 0; i < pictures.size(); i++) {
            System.arraycopy(tower.pictures().pixels(pictures.get(i)), 0, numbers, i * each, each);
        }
        return owner.floats(numbers, pictures.size(), 3, side, side);
    }
}
