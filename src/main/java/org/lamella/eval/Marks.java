// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.base.Interval;
import org.lamella.base.Listing;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Every text that a model wrote for mathematical problems, the answer in it, and whether that is right. Immutable. */
public final class Marks implements Listing {

    private final List<String> prompts;
    private final List<String> generations;
    private final List<String> given;
    private final List<String> known;
    private final boolean[] right;
    private final String cut;

    private Marks(
            List<String> prompts,
            List<String> generations,
            List<String> given,
            List<String> known,
            boolean[] right,
            String cut) {
        this.prompts = List.copyOf(prompts);
        this.generations = List.copyOf(generations);
        this.given = List.copyOf(given);
        this.known = List.copyOf(known);
        this.right = right;
        this.cut = cut;
    }

    static Marks of(MathAnswer rule, List<String> prompts, List<String> generations, List<String> written, String cut) {
        requireAsMany("generations", generations.size(), prompts.size());
        requireAsMany("known answers", written.size(), prompts.size());
        List<String> given = new ArrayList<>();
        List<String> known = new ArrayList<>();
        boolean[] right = new boolean[prompts.size()];
        for (int i = 0; i < right.length; i++) {
            given.add(rule.given(generations.get(i)).orElse(""));
            known.add(rule.known(written.get(i)));
            right[i] = rule.right(generations.get(i), written.get(i));
        }
        return new Marks(prompts, generations, given, known, right, cut);
    }

    private static void requireAsMany(String what, int found, int prompts) {
        if (prompts == 0) {
            throw new IllegalArgumentException("prompts must not be empty; got none");
        }
        if (found != prompts) {
            throw new IllegalArgumentException(what + " must be as many as prompts, " + prompts + "; got " + found);
        }
    }

    /** Returns how many problems there are. */
    public int size() {
        return right.length;
    }

    /** Returns whether the answer to a problem is right. */
    public boolean right(int i) {
        return right[i];
    }

    /** Returns the share of right answers, with Wilson's 95 % interval, which has a width also where none is right. */
    public Interval accuracy() {
        return Scores.share(right.length, count());
    }

    private int count() {
        int count = 0;
        for (boolean each : right) {
            count += each ? 1 : 0;
        }
        return count;
    }

    /** Returns one row a problem: prompt, generation, the answer in it (empty for none), the known answer, right. */
    @Override
    public Table table() {
        return Table.create(
                "answers",
                StringColumn.create("prompt", prompts),
                StringColumn.create("generation", generations),
                StringColumn.create("answer", given),
                StringColumn.create("known", known),
                BooleanColumn.create("right", right));
    }

    /** Returns how many are right, their accuracy, and how many texts were cut, where that is known. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d of %,d right, accuracy %s", count(), right.length, accuracy())
                + (cut.isEmpty() ? "" : "; " + cut);
    }
}
