// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.lamella.base.Seed;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/**
 * What turns a text's representation into an answer: one logit a label, or one number for regression.
 *
 * <p>The tensors belong to whoever made them; the head only names them.
 */
public final class Head {

    /** What a model says of an answer that stands in the text: see {@link #words()}. */
    private static final Head WORDS = new Head(List.of(), Map.of());

    private static final List<String> ANSWERING = List.of("out_proj.weight", "classifier.weight", "score.weight");

    private final List<String> labels;
    private final Map<String, Tensor> parameters;

    private Head(List<String> labels, Map<String, Tensor> parameters) {
        this.labels = List.copyOf(labels);
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Returns the head of the given tensors.
     *
     * @param labels the labels in order; empty for regression
     * @param parameters the tensors by their full name in a checkpoint, for instance {@code classifier.weight}
     */
    public static Head of(List<String> labels, Map<String, Tensor> parameters) {
        return new Head(labels, parameters);
    }

    /**
     * Returns a new head as Hugging Face fills it: normal weights of the model's initializer range, zero biases. The
     * numbers depend on the seed and the tensor's name alone. A model whose checkpoint lacks its family's pooler gets one
     * as part of the head, so that it is trained and saved.
     *
     * @param labels the labels in order; empty for regression
     * @param owner the scope that owns the tensors
     */
    public static Head initial(Transformer model, List<String> labels, Seed seed, Scope owner) {
        return initial(model, labels, false, seed, owner);
    }

    /**
     * Returns a new head as {@link #initial(Transformer, List, Seed, Scope)} does.
     *
     * @param pooler whether a copy of the checkpoint's own pooler belongs to the head, to be trained with it
     */
    public static Head initial(Transformer model, List<String> labels, boolean pooler, Seed seed, Scope owner) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        int outputs = labels.isEmpty() ? 1 : labels.size();
        if (pooler) {
            parameters.putAll(model.weights().copyOfPooler(owner));
        }
        for (Architecture.Weight weight : model.weights().headWeights(outputs, false)) {
            long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
            float[] values = new float
                    [(int) weight.shape().stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact)];
            if (shape.length > 1) {
                SplittableRandom random = seed.child(weight.name()).random();
                double deviation = model.weights().architecture().initializerRange();
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (deviation * random.nextGaussian());
                }
            }
            parameters.put(weight.name(), owner.floats(values, shape));
        }
        return new Head(labels, parameters);
    }

    /**
     * Returns how many outputs the head of the given tensors has, by the names that Hugging Face gives to what answers:
     * {@code classifier}, {@code score} or the {@code out_proj} of either. Empty when there is none of them.
     */
    public static OptionalInt outputs(Map<String, Tensor> parameters) {
        return ANSWERING.stream()
                .flatMap(end -> parameters.entrySet().stream()
                        .filter(entry ->
                                entry.getKey().endsWith(end) && entry.getValue().shape().length == 2))
                .mapToInt(entry -> (int) entry.getValue().size(0))
                .findFirst();
    }

    /**
     * Returns this head with its tensors in the model's order.
     *
     * @throws IllegalArgumentException when the head was made for a model of other shape; says what differs
     */
    public Head fittedTo(Transformer model) {
        if (writes()) {
            return this;
        }
        Weights weights = model.weights();
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        for (Architecture.Weight weight : weights.headWeights(outputs(), weights.holdsPooler(this))) {
            if (parameters.containsKey(weight.name()) || !weights.standsIn(weight)) {
                ordered.put(weight.name(), fitting(weight, model));
            }
        }
        for (String name : parameters.keySet()) {
            if (!ordered.containsKey(name)) {
                throw new IllegalArgumentException("head must fit " + model.name() + ", whose head has "
                        + ordered.keySet() + "; got \"" + name + "\"");
            }
        }
        return new Head(labels, ordered);
    }

    private Tensor fitting(Architecture.Weight weight, Transformer model) {
        Tensor tensor = parameters.get(weight.name());
        if (tensor == null) {
            boolean pooler = model.weights().architecture().pooler().contains(weight);
            throw new IllegalArgumentException("head must fit " + model.name() + ", whose " + weight.name() + " is "
                    + weight.shape() + "; got none"
                    + (pooler
                            ? ": the model's checkpoint has no pooler, and Hugging Face's random one was not saved with"
                                    + " the adapter; train again with \"pooler\" in modules_to_save"
                            : ""));
        }
        List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
        if (!shape.equals(weight.shape())) {
            throw new IllegalArgumentException("head must fit " + model.name() + ", whose " + weight.name() + " is "
                    + weight.shape() + "; got " + shape);
        }
        return tensor;
    }

    /**
     * Returns the head of a model that writes: the matrix of words that the checkpoint has, with nothing of its own to
     * train. Of an answer it says five numbers, each token seen after the true ones before it: the sum of its tokens'
     * negative log-probabilities in nats, how many tokens it has, how many of them are the most probable one, the sum of
     * their probabilities, and that of their ranks, 1 for the most probable.
     */
    public static Head words() {
        return WORDS;
    }

    /** Returns whether the answer is a text. */
    public boolean writes() {
        return this == WORDS;
    }

    /** Returns the labels in the order of the logits; empty for regression. */
    public List<String> labels() {
        return labels;
    }

    /** Returns whether the answer is a number instead of a label. */
    public boolean regression() {
        return labels.isEmpty() && !writes();
    }

    /** Returns the names that labels have when nobody named them, as Hugging Face writes them: LABEL_0, LABEL_1 ... */
    public static List<String> unnamedLabels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    }

    /** Returns whether nobody named the labels: such a head answers any task with as many. */
    public boolean unnamed() {
        return !labels.isEmpty() && labels.equals(unnamedLabels(labels.size()));
    }

    /** Returns how many numbers the head gives for a text. */
    public int outputs() {
        if (writes()) {
            return 5;
        }
        return regression() ? 1 : labels.size();
    }

    /** Returns the tensors by name, in the architecture's order. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /** Returns the tensors of some weights, in their order. */
    List<Tensor> tensors(List<Architecture.Weight> weights) {
        return weights.stream().map(weight -> parameter(weight.name())).toList();
    }

    private Tensor parameter(String name) {
        Tensor tensor = parameters.get(name);
        if (tensor == null) {
            throw new IllegalStateException(
                    "head must be fitted to its model; got " + parameters.keySet() + " without " + name);
        }
        return tensor;
    }
}
