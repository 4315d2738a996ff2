// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.lamella.base.Seed;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Seeded cases of property tests; {@code -Dseed=N} repeats one of them alone. */
final class Cases {

    private static final int COUNT = 200;

    private Cases() {}

    static void each(Consumer<SplittableRandom> property) {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 0 : only; seed < (only == null ? COUNT : only + 1); seed++) {
            try {
                property.accept(new Seed(seed).child("case").random());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("case of seed " + seed + " (repeat it with -Dseed=" + seed + ")", e);
            }
        }
    }

    /** Labelled examples of one text each; a text comes again with the given chance, under the label it had. */
    static List<Example> examples(SplittableRandom random, int labels, double again) {
        int size = 5 + random.nextInt(400);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            boolean repeat = i > 0 && random.nextDouble() < again;
            // the square makes the last labels rare
            int label = (int) (labels * Math.pow(random.nextDouble(), 2));
            examples.add(repeat ? examples.get(random.nextInt(i)) : Example.of("text " + i, label));
        }
        return examples;
    }

    /** A table with the columns body and topic of that many rows, whose topics are drawn from a, b and c. */
    static Table table(int rows) {
        SplittableRandom random = new Seed(rows).random();
        StringColumn body = StringColumn.create("body");
        StringColumn topic = StringColumn.create("topic");
        for (int i = 0; i < rows; i++) {
            body.append("text " + i);
            topic.append(List.of("c", "a", "b").get(random.nextInt(3)));
        }
        return Table.create("news", body, topic);
    }
}
