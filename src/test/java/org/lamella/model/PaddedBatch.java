// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.lamella.data.Split;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

/** A padded batch of a golden file. */
public final class PaddedBatch {
    final int examples;
    final int columns;
    final long[] ids;
    final long[] mask;
    final long[] types;

    public PaddedBatch(SafeTensors file, String prefix, Scope scope) {
        Tensor input = file.tensor(prefix + "input_ids", scope);
        examples = (int) input.size(0);
        columns = (int) input.size(1);
        ids = input.longs();
        mask = file.tensor(prefix + "attention_mask", scope).longs();
        String type = prefix + "token_type_ids";
        types = file.names().contains(type) ? file.tensor(type, scope).longs() : new long[ids.length];
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
