// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamella.data.Split;

/** Reads the golden files and compares with the tolerance that stands in their README. */
public final class Golden {

    private Golden() {}

    /** Returns the place of a golden file or folder. */
    public static Path path(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Fails unless |a - b| <= tolerance max(1, max |b|) everywhere. */
    public static void assertClose(float[] actual, float[] expected, double tolerance, String what) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double largest = 1;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
            assertThat(Float.isNaN(actual[i]))
                    .as(what + " [" + i + "] is a number")
                    .isFalse();
        }
        assertThat(worst).as(what).isLessThanOrEqualTo(tolerance * largest);
    }

    /** Returns the batches of a split whose prompts' and answers' tokens are given, with how many belong to the prompt. */
    public static Batches answered(Split split, List<long[]> ids, List<Integer> prompts) {
        List<Tokens> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            long[] own = ids.get(i);
            rows.add(new Tokens(own, new long[own.length], List.of(), own.length).answeredFrom(prompts.get(i)));
        }
        return Batches.of(split, rows);
    }

    /** Returns the batches of a split whose tokens are given instead of made from its texts. */
    public static Batches batches(Split split, List<long[]> ids, List<long[]> types) {
        List<Tokens> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.add(new Tokens(ids.get(i), types.get(i), List.of(), ids.get(i).length));
        }
        return Batches.of(split, rows);
    }
}
