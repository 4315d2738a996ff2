// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import java.util.function.DoubleUnaryOperator;

/**
 * Filters for another size, as Pillow has them ({@code Resample.c}): each pixel is a weighted mean of those under the
 * filter, which is stretched where the picture shrinks; weights in fixed point of 22 bits, rows first, rounded to 8 bits
 * between the two passes. Pillow 13 takes columns first where that is less work, and then rounds otherwise; this is the order
 * of all versions before, with which the published models were trained.
 */
public enum Resampling {
    /** Straight lines between neighbours. */
    BILINEAR(1, x -> Math.max(0, 1 - Math.abs(x))),
    /** Cubics through four neighbours, a = −0.5. */
    BICUBIC(2, Resampling::cubic);

    private static final int BITS = 22;

    private final double support;
    private final DoubleUnaryOperator filter;

    Resampling(double support, DoubleUnaryOperator filter) {
        this.support = support;
        this.filter = filter;
    }

    private static double cubic(double signed) {
        double a = -0.5;
        double x = Math.abs(signed);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    /**
     * The weights of one pass: of each new place, where they begin, and how many numbers they weigh.
     *
     * @param first for each new place
     * @param each for each new place
     */
    private record Weights(int[] first, int[][] each) {}

    private Weights weights(int from, int to) {
        double scale = (double) from / to;
        double stretch = Math.max(1, scale);
        double reach = support * stretch;
        int[] first = new int[to];
        int[][] each = new int[to][];
        for (int place = 0; place < to; place++) {
            double centre = (place + 0.5) * scale;
            int least = Math.max(0, (int) (centre - reach + 0.5));
            int most = Math.min(from, (int) (centre + reach + 0.5));
            double[] weights = new double[most - least];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = filter.applyAsDouble((i + least - centre + 0.5) * (1 / stretch));
                sum += weights[i];
            }
            int[] fixed = new int[weights.length];
            for (int i = 0; i < fixed.length; i++) {
                double weight = sum == 0 ? weights[i] : weights[i] / sum;
                fixed[i] = (int) (weight * (1 << BITS) + (weight < 0 ? -0.5 : 0.5));
            }
            first[place] = least;
            each[place] = fixed;
        }
        return new Weights(first, each);
    }

    Bitmap resized(Bitmap whole, int columns, int rows) {
        if (columns < 1 || rows < 1) {
            throw new IllegalArgumentException("size must be at least 1 x 1; got " + columns + " x " + rows);
        }
        Bitmap wide = whole.width() == columns ? whole : across(whole, weights(whole.width(), columns), columns);
        return whole.height() == rows ? wide : down(wide, weights(whole.height(), rows), rows);
    }

    private static Bitmap across(Bitmap from, Weights weights, int columns) {
        byte[] source = from.shared();
        byte[] target = new byte[Math.multiplyExact(3, Math.multiplyExact(columns, from.height()))];
        for (int y = 0; y < from.height(); y++) {
            int row = 3 * y * from.width();
            for (int x = 0; x < columns; x++) {
                int[] each = weights.each[x];
                int start = row + 3 * weights.first[x];
                for (int c = 0; c < 3; c++) {
                    target[3 * (y * columns + x) + c] = weighed(source, start + c, 3, each);
                }
            }
        }
        return new Bitmap(columns, from.height(), target);
    }

    private static Bitmap down(Bitmap from, Weights weights, int rows) {
        byte[] source = from.shared();
        int width = 3 * from.width();
        byte[] target = new byte[Math.multiplyExact(width, rows)];
        for (int y = 0; y < rows; y++) {
            int[] each = weights.each[y];
            int start = weights.first[y] * width;
            for (int x = 0; x < width; x++) {
                target[y * width + x] = weighed(source, start + x, width, each);
            }
        }
        return new Bitmap(from.width(), rows, target);
    }

    private static byte weighed(byte[] source, int start, int step, int[] weights) {
        int sum = 1 << (BITS - 1);
        int at = start;
        for (int weight : weights) {
            sum += (source[at] & 0xff) * weight;
            at += step;
        }
        return (byte) Math.max(0, Math.min(255, sum >> BITS));
    }
}
