// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Progress;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.tensor.Scope;

/**
 * What a model answers: to one text, or to every example of a split.
 *
 * @param head what answers; the model's own
 */
record Answers(Transformer model, Head head) {

    /** Returns the answers of a model that has a head. */
    static Answers of(Transformer model) {
        Head head = model.head()
                .orElseThrow(() -> new IllegalStateException("model \"" + model.name() + "\" has no head yet; "
                        + (model.writes()
                                ? "it chooses among labels as model.choosing(labels, \" \"), writes by generate(...), or"
                                        + " gets one by Lora.on(layers).train(...)"
                                : "train one with Lora.on(layers).train(...) or Lora.headOnly().train(...)")));
        return new Answers(model, head);
    }

    /** Returns the answers of a model whose head answers with the task's labels, in their order, or that writes. */
    static Answers of(Transformer model, Task task) {
        if (task.kind() == Task.Kind.GENERATION) {
            return new Answers(model, words(model));
        }
        Answers answers = of(model);
        requireSameAnswers(answers.head, task);
        return answers;
    }

    private static Head words(Transformer model) {
        requireWriting(model, " for a task with answers");
        return Head.words();
    }

    /** Refuses a model that does not write. */
    static void requireWriting(Transformer model, String what) {
        if (!model.writes()) {
            throw new IllegalArgumentException("model must be able to write" + what + "; got " + model.name() + ", "
                    + model.architecture()
                    + (model.weights().architecture().language().isEmpty() ? "" : " without its matrix of words"));
        }
    }

    private static void requireSameAnswers(Head head, Task task) {
        boolean regression = task.kind() == Task.Kind.REGRESSION;
        boolean same = head.labels().equals(task.labels())
                || (head.unnamed() && head.outputs() == task.labels().size());
        if (head.regression() != regression || !(regression || same)) {
            throw new IllegalArgumentException("head must answer with "
                    + (regression
                            ? "a number for " + task.name() + ", a regression"
                            : "the labels of " + task.name() + ", " + task.labels())
                    + "; got " + (head.regression() ? "a number" : head.labels()));
        }
    }

    /** Returns the answer to a text or to a pair of texts. */
    Prediction to(List<String> texts) {
        return to(new Example(texts, -1, Double.NaN));
    }

    /** Returns the answer to an example. */
    Prediction to(Example example) {
        Weights weights = model.weights();
        List<Tokens> tokens = weights.architecture().sees().isPresent()
                ? Sight.tokens(weights, List.of(example))
                : weights.tokenizer().encode(List.of(example), model.maxTokens());
        int cut = tokens.get(0).missing();
        try (Scope step = Scope.open()) {
            Batch batch = Batch.of(new int[] {0}, tokens, step);
            double[] logits = doubles(
                    model.pass().answer(batch, model.overlay(), head, step).floats());
            if (head.regression()) {
                return new Prediction("", List.of(), List.of(logits[0]), cut);
            }
            double largest = Arrays.stream(logits).max().orElseThrow();
            double sum = Arrays.stream(logits).map(z -> Math.exp(z - largest)).sum();
            List<Double> probabilities = Arrays.stream(logits)
                    .mapToObj(z -> Math.exp(z - largest) / sum)
                    .toList();
            int best = IntStream.range(0, logits.length).reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
            return new Prediction(head.labels().get(best), head.labels(), probabilities, cut);
        }
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** Returns the answers to every example of a split; fewer when the person asked to stop. */
    Predictions to(Split split) {
        Batches batches = model.batches(split);
        Pass pass = model.pass();
        AnswerSheet sheet = AnswerSheet.of(batches, head.outputs());
        int done = 0;
        try (Progress progress = Progress.start("predicting", split.size(), "examples")) {
            for (int[] examples : batches.answerable()) {
                try (Scope step = Scope.open()) {
                    Batch batch = batches.of(examples, step);
                    sheet.write(
                            examples,
                            pass.answer(batch, model.overlay(), head, step).floats());
                }
                done += examples.length;
                if (!progress.step(done)) {
                    break;
                }
            }
        }
        return sheet.predictions();
    }
}
