// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.util.Arrays;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/** A rectangle of numbers, kept in double precision, row after row. Immutable. */
public final class Matrix implements Listing {

    private final int rows;
    private final int columns;
    private final double[] values;

    private Matrix(int rows, int columns, double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /** Returns the matrix of the given values, row after row; they are copied. */
    public static Matrix of(int rows, int columns, double[] values) {
        if (rows < 0 || columns < 0 || (long) rows * columns != values.length) {
            throw new IllegalArgumentException("values must fill " + rows + " x " + columns + " = "
                    + (long) rows * columns + " places; got " + values.length);
        }
        return new Matrix(rows, columns, values.clone());
    }

    /** Returns the matrix of the given single-precision values, row after row. */
    public static Matrix of(int rows, int columns, float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return of(rows, columns, wide);
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /** Returns the number of columns. */
    public int columns() {
        return columns;
    }

    /** Returns the value at a place. */
    public double at(int row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IllegalArgumentException(
                    "place must lie inside " + rows + " x " + columns + "; got (" + row + ", " + column + ")");
        }
        return values[row * columns + column];
    }

    /** Returns a copy of a row. */
    public double[] row(int row) {
        if (row < 0 || row >= rows) {
            throw new IllegalArgumentException("row must be 0 to " + (rows - 1) + "; got " + row);
        }
        return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }

    /** Returns a copy of all values, row after row. */
    public double[] values() {
        return values.clone();
    }

    /** Returns one column of numbers a matrix column, named by its index. */
    @Override
    public Table table() {
        Table table = Table.create("matrix " + rows + " x " + columns);
        for (int c = 0; c < columns; c++) {
            double[] column = new double[rows];
            for (int r = 0; r < rows; r++) {
                column[r] = values[r * columns + c];
            }
            table.addColumns(DoubleColumn.create(String.valueOf(c), column));
        }
        return table;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matrix m && rows == m.rows && columns == m.columns && Arrays.equals(values, m.values);
    }

    @Override
    public int hashCode() {
        return 31 * rows + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Matrix " + rows + " x " + columns;
    }
}
