// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.lamella.base.Listing;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a model wrote after each of some prompts, in their order. Plain values: they outlive the model.
 *
 * @param all one a prompt; those not yet begun when the person stopped are empty
 * @param answers the answers of the task, where the prompts are a split's; else none
 * @param seconds how long all took
 */
public record Continuations(List<Continuation> all, List<String> answers, double seconds) implements Listing {

    /** Copies the lists. */
    public Continuations {
        all = List.copyOf(all);
        answers = List.copyOf(answers);
    }

    /** Returns the texts alone. */
    public List<String> texts() {
        return all.stream().map(Continuation::text).toList();
    }

    /** Returns how many tokens were written a second, all texts together. */
    public double tokensPerSecond() {
        return seconds > 0 ? all.stream().mapToInt(one -> one.tokens().size()).sum() / seconds : 0;
    }

    /** Returns how many texts did not come to an end of their own: neither an end token nor a stop string. */
    public int unended() {
        return (int) all.stream()
                .filter(one -> one.end() != Continuation.End.END_TOKEN && one.end() != Continuation.End.STOP)
                .count();
    }

    /** Returns how many texts did not come to an end of their own, why, and what to change; nothing when all did. */
    public Optional<String> unendedBecause() {
        List<String> parts = new ArrayList<>();
        OptionalInt longest = all.stream()
                .filter(one -> one.end() == Continuation.End.MAX_TOKENS)
                .mapToInt(one -> one.tokens().size())
                .max();
        longest.ifPresent(tokens ->
                parts.add(some(Continuation.End.MAX_TOKENS) + " cut at " + tokens + " tokens: raise maxTokens"));
        if (count(Continuation.End.CONTEXT_FULL) > 0) {
            parts.add(some(Continuation.End.CONTEXT_FULL)
                    + " cut where the model's context was full: shorten the prompts");
        }
        if (count(Continuation.End.STOPPED) > 0) {
            parts.add(some(Continuation.End.STOPPED) + " stopped by hand: write them again");
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
    }

    private long count(Continuation.End end) {
        return all.stream().filter(one -> one.end() == end).count();
    }

    private String some(Continuation.End end) {
        return count(end) + " of " + all.size() + (all.size() == 1 ? " text" : " texts")
                + (count(end) == 1 ? " was" : " were");
    }

    /** Returns one row a prompt: prompt, text, the task's answer if there is one, why it ended, tokens, seconds, tokens a second. */
    @Override
    public Table table() {
        Table table = Table.create(
                "continuations",
                StringColumn.create("prompt", all.stream().map(Continuation::prompt)),
                StringColumn.create("text", all.stream().map(Continuation::text)));
        if (!answers.isEmpty()) {
            table.addColumns(StringColumn.create("answer", answers));
        }
        return table.addColumns(
                StringColumn.create("end", all.stream().map(one -> one.end().toString())),
                IntColumn.create(
                        "tokens", all.stream().mapToInt(one -> one.tokens().size())),
                DoubleColumn.create(
                        "seconds",
                        all.stream().mapToDouble(Continuation::seconds).toArray()),
                DoubleColumn.create(
                        "tokens/s",
                        all.stream().mapToDouble(Continuation::tokensPerSecond).toArray()));
    }

    @Override
    public String toString() {
        return all.size() + " continuations";
    }
}
