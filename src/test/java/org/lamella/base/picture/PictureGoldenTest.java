// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.lamella.model.Golden;
import org.lamella.tensor.DType;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;

class PictureGoldenTest {

    private static final Path FOLDER = Golden.path("pictures");

    private static int[][][] numbers(SafeTensors file, String name, Scope scope) {
        Tensor tensor = file.tensor(name, scope);
        float[] flat = tensor.to(DType.F32, scope).floats();
        int[][][] numbers = new int[(int) tensor.size(0)][(int) tensor.size(1)][3];
        for (int i = 0; i < flat.length; i++) {
            int pixel = i / 3;
            numbers[pixel / numbers[0].length][pixel % numbers[0].length][i % 3] = (int) flat[i];
        }
        return numbers;
    }

    private static int worst(Bitmap bitmap, int[][][] expected) {
        assertThat(bitmap.height()).isEqualTo(expected.length);
        assertThat(bitmap.width()).isEqualTo(expected[0].length);
        int worst = 0;
        for (int y = 0; y < bitmap.height(); y++) {
            for (int x = 0; x < bitmap.width(); x++) {
                for (int c = 0; c < 3; c++) {
                    worst = Math.max(worst, Math.abs(bitmap.at(x, y, c) - expected[y][x][c]));
                }
            }
        }
        return worst;
    }

    @TestFactory
    Stream<DynamicTest> everyKindIsDecodedAsPillowDoes() {
        try (SafeTensors file = SafeTensors.open(FOLDER.resolve("bitmaps.safetensors"))) {
            return file.names().stream()
                    .map(name -> DynamicTest.dynamicTest(name, () -> {
                        try (SafeTensors again = SafeTensors.open(FOLDER.resolve("bitmaps.safetensors"));
                                Scope scope = Scope.open()) {
                            Bitmap bitmap = Picture.of(FOLDER.resolve(name)).bitmap();

                            assertThat(worst(bitmap, numbers(again, name, scope)))
                                    .isZero();
                        }
                    }));
        }
    }

    @TestFactory
    Stream<DynamicTest> anotherSizeHasPillowsNumbers() {
        try (SafeTensors file = SafeTensors.open(FOLDER.resolve("resized.safetensors"))) {
            return file.names().stream()
                    .filter(name -> !name.equals("whole"))
                    .map(name -> DynamicTest.dynamicTest(name, () -> {
                        try (SafeTensors again = SafeTensors.open(FOLDER.resolve("resized.safetensors"));
                                Scope scope = Scope.open()) {
                            Bitmap whole = bitmap(numbers(again, "whole", scope));
                            int[][][] expected = numbers(again, name, scope);
                            Resampling filter = name.startsWith("bicubic") ? Resampling.BICUBIC : Resampling.BILINEAR;

                            Bitmap resized = whole.resized(expected[0].length, expected.length, filter);

                            assertThat(worst(resized, expected)).isZero();
                        }
                    }));
        }
    }

    private static Bitmap bitmap(int[][][] numbers) {
        byte[] rgb = new byte[3 * numbers.length * numbers[0].length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) numbers[i / 3 / numbers[0].length][i / 3 % numbers[0].length][i % 3];
        }
        return Bitmap.of(numbers[0].length, numbers.length, rgb);
    }
}
