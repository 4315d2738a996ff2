// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.model.Transformer;
import org.lamella.tensor.Tensor;

/**
 * Weights of the encoder that an adapter brings whole: every bias where all are trained, or what PEFT's {@code
 * modules_to_save} names besides head and pooler.
 *
 * @param saved by their name in the adapter's file, without PEFT's prefix
 * @param ownLaid the same by their full name in the model; empty before the adapter met its model
 * @param outer pairs that lie in no layer, which are laid over the model as the whole weights that they make
 */
record Whole(Map<String, Tensor> saved, Map<String, Tensor> ownLaid, OuterPairs outer) {

    static final Whole NONE = new Whole(Map.of(), Map.of(), OuterPairs.NONE);

    // biases and norms, as Hugging Face's Trainer finds them
    private static final Pattern SPARED = Pattern.compile("(?i).*(bias|norm|layrnorm).*");

    private static final Pattern LAYER = Pattern.compile("(?:[^.]*\\.)*?(\\d+)\\..*");

    Whole {
        saved = Collections.unmodifiableMap(new LinkedHashMap<>(saved));
        ownLaid = Collections.unmodifiableMap(new LinkedHashMap<>(ownLaid));
    }

    static Whole of(Map<String, Tensor> saved) {
        return new Whole(saved, Map.of(), OuterPairs.NONE);
    }

    /** Returns these weights with pairs that lie in no layer. */
    Whole with(OuterPairs pairs) {
        return new Whole(saved, ownLaid, pairs);
    }

    /** Returns what stands in place of weights of embedding and layers, by their full name in the model. */
    Map<String, Tensor> laid() {
        if (outer.tables().isEmpty()) {
            return ownLaid;
        }
        Map<String, Tensor> all = new LinkedHashMap<>(ownLaid);
        all.putAll(outer.tables());
        return all;
    }

    /** Returns whether there is nothing at all. */
    boolean isEmpty() {
        return saved.isEmpty() && outer.isEmpty();
    }

    /** Throws unless these met their model. */
    void requireLaid() {
        if ((ownLaid.isEmpty() && !saved.isEmpty()) || outer.unlaid()) {
            throw new IllegalStateException("adapter must be laid over its model first; use model.with(adapter)");
        }
    }

    /** Returns these weights laid out for a model, whose weights of the same name have the same shape. */
    Whole fittedTo(Transformer model) {
        if (isEmpty()) {
            return this;
        }
        Map<String, Tensor> frozen = model.frozen();
        Map<String, Tensor> fitted = new LinkedHashMap<>();
        saved.forEach((name, tensor) -> {
            String full = named(name, frozen, model);
            requireBelowWords(full, model);
            Tensor own = frozen.get(full);
            if (own == null) {
                throw new IllegalArgumentException(
                        "adapter must fit " + model.name() + ", which has no weight \"" + name
                                + "\"; Lamella lays pairs, whole weights of embedding and layers, pooler and head over a model");
            }
            if (!Arrays.equals(own.shape(), tensor.shape())) {
                throw new IllegalArgumentException("adapter must fit " + model.name() + ", whose " + full + " is "
                        + Arrays.toString(own.shape()) + "; got " + Arrays.toString(tensor.shape()));
            }
            fitted.put(full, tensor);
        });
        return new Whole(saved, fitted, outer.fittedTo(model));
    }

    /** Returns the full name in the model of what an adapter's file calls so. */
    static String named(String name, Map<String, Tensor> frozen, Transformer model) {
        return frozen.containsKey(name) ? name : prefix(model) + name;
    }

    // the last norm and the matrix of words are read after all layers, by the frozen model's own
    private static void requireBelowWords(String full, Transformer model) {
        boolean lastNorm = layer(full) < 0 && full.endsWith(".norm.weight");
        if (model.writes() && (lastNorm || full.endsWith("lm_head.weight"))) {
            throw new IllegalArgumentException("adapter must leave " + full + " of " + model.name()
                    + " alone, which is read after all layers; merge it in Python (merge_and_unload) and load the whole"
                    + " model");
        }
    }

    // an adapter of an encoder alone calls bert.encoder.layer only encoder.layer
    private static String prefix(Transformer model) {
        String path = model.modulePath(0, model.linears().get(0));
        return path.substring(0, path.indexOf('.') + 1);
    }

    /**
     * Returns these weights without those of the layers that are not wanted.
     *
     * @param last whether what lies after the layers stays
     */
    Whole keeping(IntPredicate wanted, boolean last) {
        return new Whole(keeping(saved, wanted), keeping(ownLaid, wanted), outer.keeping(true, last));
    }

    private static Map<String, Tensor> keeping(Map<String, Tensor> some, IntPredicate wanted) {
        Map<String, Tensor> kept = new LinkedHashMap<>(some);
        kept.keySet().removeIf(name -> layer(name) >= 0 && !wanted.test(layer(name)));
        return kept;
    }

    private static int layer(String name) {
        Matcher number = LAYER.matcher(name);
        return number.matches() ? Integer.parseInt(number.group(1)) : -1;
    }

    /** Returns the names of those that lie before the layers. */
    List<String> beforeLayers() {
        return laid().keySet().stream().filter(name -> layer(name) < 0).toList();
    }

    /** Returns the lowest layer that has one of these, -1 where they begin before the layers, depth where there are none. */
    int lowest(int depth) {
        return laid().keySet().stream().mapToInt(Whole::layer).min().orElse(depth);
    }

    /** Returns the tensors that weight decay leaves alone, as Hugging Face's Trainer does: biases and norms. */
    List<Tensor> undecayed() {
        return of(true);
    }

    List<Tensor> decayed() {
        return of(false);
    }

    private List<Tensor> of(boolean spared) {
        List<Tensor> some = new ArrayList<>();
        saved.forEach((name, tensor) -> {
            if (spared == SPARED.matcher(name).matches()) {
                some.add(tensor);
            }
        });
        return some;
    }

    long parameters() {
        return saved.values().stream().mapToLong(Tensor::elements).sum() + outer.parameters();
    }

    /** Returns whether there are biases besides those that came with a whole module. */
    boolean everyBias() {
        return saved.keySet().stream()
                .anyMatch(name -> name.endsWith(".bias")
                        && !saved.containsKey(name.substring(0, name.length() - ".bias".length()) + ".weight"));
    }
}
