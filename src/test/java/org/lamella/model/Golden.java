// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.data.Split;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

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

    /** Returns the batches of a split whose tokens are given instead of made from its texts. */
    public static Batches batches(Split split, List<long[]> ids, List<long[]> types) {
        List<Tokens> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.add(new Tokens(ids.get(i), types.get(i), List.of(), ids.get(i).length));
        }
        return Batches.of(split, rows);
    }

    /** A padded batch of a golden file. */
    public static final class Padded {
        final int examples;
        final int columns;
        final long[] ids;
        final long[] mask;
        final long[] types;

        public Padded(SafeTensors file, String prefix, Scope scope) {
            Tensor input = file.tensor(prefix + "input_ids", scope);
            examples = (int) input.size(0);
            columns = (int) input.size(1);
            ids = input.longs();
            mask = file.tensor(prefix + "attention_mask", scope).longs();
            types = file.tensor(prefix + "token_type_ids", scope).longs();
        }

        public Batch batch(Scope scope) {
            return Batch.of(IntStream.range(0, examples).toArray(), rows(), scope);
        }

        /** Returns the rows of this batch as the examples of a split. */
        public Batches batches(Split split) {
            return Batches.of(split, rows());
        }

        private List<Tokens> rows() {
            List<Tokens> rows = new ArrayList<>();
            for (int b = 0; b < examples; b++) {
                int length = 0;
                while (length < columns && mask[b * columns + length] == 1) {
                    length++;
                }
                long[] id = new long[length];
                long[] type = new long[length];
                System.arraycopy(ids, b * columns, id, 0, length);
                System.arraycopy(types, b * columns, type, 0, length);
                rows.add(new Tokens(id, type, List.of(), length));
            }
            return rows;
        }

        /** Returns the rows of a padded (B, T, D) array that are real tokens, one after another. */
        public float[] real(float[] padded, int width) {
            int count = 0;
            for (long m : mask) {
                count += (int) m;
            }
            float[] rows = new float[count * width];
            int at = 0;
            for (int cell = 0; cell < mask.length; cell++) {
                if (mask[cell] == 1) {
                    System.arraycopy(padded, cell * width, rows, at, width);
                    at += width;
                }
            }
            return rows;
        }
    }
}
