// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
import java.util.stream.IntStream;
import org.lamella.base.Listing;
import org.lamella.base.picture.Picture;
import org.lamella.data.Example;
import org.lamella.data.Split;
import org.lamella.data.Task;
import org.lamella.tensor.Scope;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a model that writes can be asked.
 *
 * @param context the tokens that it takes, prompt and continuation together
 */
record Writer(Transformer model, int context) {

    /** Returns the writer of a model that writes. */
    static Writer of(Transformer model, int context) {
        Answers.requireWriting(model, "");
        model.weights().requireOpen();
        return new Writer(model, context);
    }

    /** Returns what is written after the prompts of some examples. */
    Continuations after(List<Example> examples, List<String> answers, Generation generation) {
        long start = System.nanoTime();
        List<String> prompts =
                examples.stream().map(example -> example.texts().get(0)).toList();
        List<Continuation> all = new Writing(model, generation, context).after(prompts, tokens(examples));
        return new Continuations(all, answers, (System.nanoTime() - start) / 1e9);
    }

    Continuations after(Split split, Generation generation) {
        List<Example> examples = split.examples();
        boolean answered = split.task().kind() == Task.Kind.GENERATION;
        if (!answered && examples.stream().anyMatch(example -> example.texts().size() > 1)) {
            throw new IllegalArgumentException("split must have single texts to go on from; got the pairs of " + split);
        }
        return after(
                examples,
                answered
                        ? examples.stream()
                                .map(example -> example.answer().orElse(""))
                                .toList()
                        : List.of(),
                generation);
    }

    /** Returns what is written after a prompt that a chat template made. */
    Continuation answer(String prompt, List<Picture> pictures, Generation generation) {
        List<Tokens> read = List.of(model.weights().tokenizer().encodeBare(prompt, pictures));
        return new Writing(model, generation, context)
                .after(List.of(prompt), read)
                .get(0);
    }

    private List<Tokens> tokens(List<Example> examples) {
        return model.weights()
                .tokenizer()
                .encode(
                        examples.stream()
                                .map(example ->
                                        Example.of(example.texts().get(0), -1).pictures(example.pictures()))
                                .toList(),
                        Integer.MAX_VALUE);
    }

    double[] logits(Example example) {
        List<Tokens> read = tokens(List.of(example));
        Writing.requireRoom(model, example.texts().get(0), read.get(0), context);
        try (Scope scope = Scope.open();
                Continuing continuing = new Continuing(model, 1, read.get(0).length())) {
            return continuing.read(read, scope).doubles();
        }
    }

    Listing next(String prompt, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1; got " + count);
        }
        double[] logits = logits(Example.of(prompt, -1));
        int[] best = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Double.compare(logits[b], logits[a]))
                .limit(count)
                .mapToInt(i -> i)
                .toArray();
        double sum = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i] - logits[best[0]]))
                .sum();
        return Listing.of(() -> Table.create(
                "next tokens",
                StringColumn.create(
                        "token", IntStream.of(best).mapToObj(model.weights().tokenizer()::text)),
                IntColumn.create("id", best),
                DoubleColumn.create(
                        "probability",
                        IntStream.of(best)
                                .mapToDouble(i -> Math.exp(logits[i] - logits[best[0]]) / sum)
                                .toArray())));
    }
}
