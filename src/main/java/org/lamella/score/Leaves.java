// SPDX-License-Identifier: Apache-2.0
package org.lamella.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lamella.base.Seed;
import org.lamella.model.LinearModule;
import org.lamella.model.Overlay;
import org.lamella.model.Pass;
import org.lamella.model.Transformer;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * A forward pass whose layers have gradients: of their frozen weights, of low-rank pairs as a training starts with them,
 * or of both.
 *
 * @param pass the pass
 * @param overlay what lies over it
 * @param weights for each layer its weights, none when they have no gradients
 * @param pairs for each layer the up projections of its pairs, none when there are no pairs
 */
record Leaves(Pass pass, Optional<Overlay> overlay, List<List<Tensor>> weights, List<List<Tensor>> pairs) {

    // of a pair's gradient the rank changes the size, not which layer has more of it
    static final int RANK = 8;

    /** Returns a pass with gradients of the layers' weights. */
    static Leaves ofWeights(Transformer model, Scope owner) {
        Pass pass = model.pass().withLeaves(owner);
        return new Leaves(pass, model.overlay(), weights(pass), none(model));
    }

    /** Returns a pass with gradients of pairs on the model's default targets, the pairs that a run of the seed starts with. */
    static Leaves ofPairs(Transformer model, Seed seed, Scope owner) {
        Start start = Start.of(model, seed, owner);
        return new Leaves(model.pass(), Optional.of(start.overlay()), none(model), start.ups());
    }

    /** Returns a pass with gradients of both. */
    static Leaves ofBoth(Transformer model, Seed seed, Scope owner) {
        Pass pass = model.pass().withLeaves(owner);
        Start start = Start.of(model, seed, owner);
        return new Leaves(pass, Optional.of(start.overlay()), weights(pass), start.ups());
    }

    private static List<List<Tensor>> weights(Pass pass) {
        return IntStream.range(0, pass.depth()).mapToObj(pass::weights).toList();
    }

    private static List<List<Tensor>> none(Transformer model) {
        return IntStream.range(0, model.depth())
                .mapToObj(layer -> List.<Tensor>of())
                .toList();
    }

    /** Forgets the gradients of the last example. */
    void clear() {
        weights.forEach(layer -> layer.forEach(Tensor::zeroGradient));
        pairs.forEach(layer -> layer.forEach(Tensor::zeroGradient));
    }

    /** Pairs at the start of a training: A within ±1/√inputs, B zero, scale 1. */
    private record Start(Overlay overlay, List<List<Tensor>> ups) {

        static Start of(Transformer model, Seed seed, Scope owner) {
            List<List<Tensor>> all = new ArrayList<>();
            List<List<Tensor>> ups = new ArrayList<>();
            Tensor nothing = owner.zeros(DType.F32, 0);
            for (int layer = 0; layer < model.depth(); layer++) {
                List<Tensor> pairs = new ArrayList<>();
                List<Tensor> up = new ArrayList<>();
                for (LinearModule module : model.linears()) {
                    if (isTarget(model, module)) {
                        up.add(owner.zeros(DType.F32, module.outputs(), RANK).requireGradient());
                        Tensor down = module.freshDown(RANK, seed.child(model.modulePath(layer, module)), owner);
                        pairs.addAll(Overlay.plainPair(down, up.get(up.size() - 1), owner.full(1), nothing));
                    } else {
                        pairs.addAll(Overlay.noPair(nothing));
                    }
                }
                all.add(pairs);
                ups.add(up);
            }
            return new Start(new StartingPairs(model, all), ups);
        }

        private static boolean isTarget(Transformer model, LinearModule module) {
            return model.defaultTargets().stream().anyMatch(module::isMeantBy);
        }
    }
}
