// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorTest {

    private static final Script SCRIPT = Script.compile("""
            def cast(self, x: Tensor, dtype: int) -> Tensor:
              return torch.to(x, dtype)
            def columns(self, x: Tensor) -> Tensor:
              return torch.t(x)
            """);

    private final Scope scope = Scope.open();

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor cast(Tensor x, DType dtype) {
        return SCRIPT.call("cast").with(x).with(dtype.code()).one(scope);
    }

    @Test
    void knowsItsShapeAndType() {
        Tensor x = scope.floats(new float[6], 2, 3);

        assertThat(x.shape()).containsExactly(2, 3);
        assertThat(x.size(0)).isEqualTo(2);
        assertThat(x.size(-1)).isEqualTo(3);
        assertThat(x.elements()).isEqualTo(6);
        assertThat(x.dtype()).isEqualTo(DType.F32);
        assertThat(x).hasToString("F32 (2, 3)");
        assertThatThrownBy(() -> x.size(2)).hasMessage("dimension must be -2 to 1; got 2");
    }

    @Test
    void theShapeIsACopy() {
        Tensor x = scope.floats(new float[6], 2, 3);
        x.shape()[0] = 9;

        assertThat(x.shape()).containsExactly(2, 3);
    }

    @Test
    void everyTypeKnowsItself() {
        Tensor x = scope.floats(new float[] {0, 1, 2}, 3);

        for (DType dtype : DType.values()) {
            assertThat(cast(x, dtype).dtype()).isEqualTo(dtype);
            assertThat(scope.zeros(dtype, 2, 1)).hasToString(dtype + " (2, 1)");
            assertThat(scope.zeros(dtype, 1).item()).isZero();
        }
    }

    @Test
    void halfTypesAreReadAsFloats() {
        Tensor x = scope.floats(new float[] {1.5f, -2, 0.1f}, 3);

        assertThat(cast(x, DType.BF16).floats()).containsExactly(1.5f, -2, 0.100097656f);
        assertThat(cast(x, DType.F16).floats()).containsExactly(1.5f, -2, 0.099975586f);
        assertThat(cast(x, DType.BF16).doubles()).containsExactly(1.5, -2, 0.10009765625);
        assertThat(cast(x, DType.BF16).gradient(scope)).hasToString("BF16 (3)");
    }

    @Test
    void integersAndTruthValuesAreReadAsLongs() {
        Tensor x = scope.longs(new long[] {0, 1, Long.MAX_VALUE}, 3);

        assertThat(x.longs()).containsExactly(0, 1, Long.MAX_VALUE);
        assertThat(cast(x, DType.BOOL).longs()).containsExactly(0, 1, 1);
        assertThat(cast(x, DType.U8).longs()).containsExactly(0, 1, 255);
    }

    @Test
    void viewsAreReadRowByRow() {
        Tensor x = scope.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

        assertThat(SCRIPT.call("columns").with(x).one(scope).floats()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void readingTheWrongTypeNamesTheRightMethod() {
        Tensor d = scope.doubles(new double[] {1}, 1);
        Tensor n = scope.longs(new long[] {1}, 1);

        assertThatThrownBy(d::floats)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("floats() must be asked of F32, F16 or BF16; got F64 (1); use doubles()");
        assertThatThrownBy(n::floats)
                .hasMessage("floats() must be asked of F32, F16 or BF16; got I64 (1); use longs()");
        assertThatThrownBy(n::doubles)
                .hasMessage("doubles() must be asked of a floating type; got I64 (1); use longs()");
        assertThatThrownBy(d::longs).hasMessage("longs() must be asked of integers or truth values; got F64 (1)");
    }

    @Test
    void aSingleNumberHasNoShape() {
        assertThat(scope.doubles(new double[] {0.1}).item()).isEqualTo(0.1);
        assertThat(scope.full(2.5).item()).isEqualTo(2.5);
        assertThat(scope.longs(new long[] {7})).hasToString("I64 ()");
        assertThatThrownBy(() -> scope.zeros(DType.F32, 2).item())
                .hasMessage("item() must be asked of one number; got F32 (2)");
    }

    @Test
    void valuesMustFillTheShape() {
        assertThatThrownBy(() -> scope.floats(new float[5], 2, 3))
                .hasMessage("shape must have 5 elements, as many as there are values; got [2, 3]");
        assertThatThrownBy(() -> scope.zeros(DType.F32, -1)).hasMessage("shape must not be negative; got [-1]");
    }

    @Test
    void emptyTensorsWork() {
        Tensor x = scope.floats(new float[0], 0, 4);

        assertThat(x).hasToString("F32 (0, 4)");
        assertThat(x.floats()).isEmpty();
    }

    @Test
    void valuesAreCopiedWhenTheTensorIsMade() {
        float[] values = {1, 2};
        Tensor x = scope.floats(values, 2);
        Arrays.fill(values, 9);

        assertThat(x.floats()).containsExactly(1, 2);
    }

    @Test
    void aViewOutlivesItsSource() throws InterruptedException {
        Tensor source = scope.floats(new float[1 << 22], 1 << 11, 1 << 11);
        Tensor view = SCRIPT.call("columns").with(source).one(scope);
        source.close();
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(20);
        }

        assertThat(view.floats()).containsOnly(0);
    }

    @Test
    void onlyFloatingTypesHaveGradients() {
        assertThatThrownBy(() -> scope.longs(new long[1], 1).requireGradient())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tensor with a gradient must be of a floating type; got I64 (1)");
    }

    @Test
    void aClosedTensorSaysSo() {
        Tensor x = scope.full(1, 2);
        x.close();
        x.close();

        assertThat(x.closed()).isTrue();
        assertThat(x).hasToString("closed tensor");
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable use :
                new org.assertj.core.api.ThrowableAssert.ThrowingCallable[] {
                    x::shape,
                    x::dtype,
                    x::floats,
                    x::item,
                    x::requireGradient,
                    x::zeroGradient,
                    () -> x.gradient(scope),
                    () -> scope.take(x),
                    () -> cast(x, DType.F64)
                }) {
            assertThatThrownBy(use)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("tensor must be open; it or its scope was closed");
        }
    }

    @Test
    void aShapeBeyondAllMemoryIsNamed() {
        assertThatThrownBy(() -> scope.floats(new float[4], 1L << 40, 1L << 40))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shape must have fewer than 2^63 elements; got [1099511627776, 1099511627776]");
    }

    @Test
    void aCopyHasMemoryOfItsOwnAndOverwritingPutsNumbersBack() {
        try (Scope scope = Scope.open()) {
            Tensor first = scope.floats(new float[] {1, 2, 3, 4}, 2, 2);
            Tensor copy = first.copy(scope);

            first.overwrite(scope.full(7, 2, 2));
            assertThat(first.floats()).containsExactly(7, 7, 7, 7);
            assertThat(copy.floats()).containsExactly(1, 2, 3, 4);

            first.overwrite(copy);
            assertThat(first.floats()).containsExactly(1, 2, 3, 4);
            Tensor longer = scope.full(7, 3);
            assertThatThrownBy(() -> first.overwrite(longer))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("numbers must have the shape of " + first + "; got " + longer);
        }
    }
}
