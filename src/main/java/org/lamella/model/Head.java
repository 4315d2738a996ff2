// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * numbers depend on the seed and the tensor's name alone.
     *
     * @param labels the labels in order; empty for regression
     * @param owner the scope that owns the tensors
     */
    public static Head initial(Transformer model, List<String> labels, Seed seed, Scope owner) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        int outputs = labels.isEmpty() ? 1 : labels.size();
        for (Architecture.Weight weight : model.weights().architecture().head(outputs)) {
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

    /** Throws {@link IllegalArgumentException} when the head was made for a model of other shape; says what differs. */
    public static void requireFits(Head head, Transformer model) {
        for (Architecture.Weight weight : model.weights().architecture().head(head.outputs())) {
            Tensor tensor = head.parameters.get(weight.name());
            List<Long> shape = tensor == null
                    ? List.of()
                    : Arrays.stream(tensor.shape()).boxed().toList();
            if (!shape.equals(weight.shape())) {
                throw new IllegalArgumentException("head must fit " + model.name() + ", whose " + weight.name() + " is "
                        + weight.shape() + "; got " + (tensor == null ? "none" : shape));
            }
        }
    }

    /** Returns the labels in the order of the logits; empty for regression. */
    public List<String> labels() {
        return labels;
    }

    /** Returns whether the answer is a number instead of a label. */
    public boolean regression() {
        return labels.isEmpty();
    }

    /** Returns the names that labels have when nobody named them, as Hugging Face writes them: LABEL_0, LABEL_1 ... */
    public static List<String> unnamedLabels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    }

    /** Returns whether nobody named the labels: such a head answers any task with as many. */
    public boolean unnamed() {
        return !regression() && labels.equals(unnamedLabels(labels.size()));
    }

    /** Returns how many numbers the head gives for a text. */
    public int outputs() {
        return regression() ? 1 : labels.size();
    }

    /** Returns the tensors by name, in the architecture's order. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    List<Tensor> tensors() {
        return new ArrayList<>(parameters.values());
    }
}
