// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.List;
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
