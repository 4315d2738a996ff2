// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.FormatException;

class GgufTest {

    @TempDir
    Path folder;

    private static Path golden(String name) {
        try {
            return Path.of(GgufTest.class.getResource("/golden/gguf/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static JsonObject expected() throws IOException {
        return JsonParser.parseString(Files.readString(golden("forms.json"))).getAsJsonObject();
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(numbers[i]);
        }
        return bits;
    }

    @Test
    void everyFormGivesTheBitsOfPythonsGguf() throws IOException {
        JsonObject forms = expected().getAsJsonObject("forms");
        try (Gguf file = Gguf.open(golden("forms.gguf"));
                SafeTensors reference = SafeTensors.open(golden("forms.safetensors"));
                Scope scope = Scope.open()) {
            assertThat(file.names()).isEqualTo(reference.names()).hasSize(22);
            for (String name : file.names()) {
                Tensor tensor = file.single(name, scope);

                assertThat(file.form(name)).isEqualTo(forms.get(name).getAsString());
                assertThat(tensor.dtype()).isEqualTo(DType.F32);
                assertThat(tensor.shape()).isEqualTo(reference.shape(name)).isEqualTo(file.shape(name));
                assertThat(bits(tensor.floats()))
                        .as(name)
                        .isEqualTo(bits(reference.single(name, scope).floats()));
                assertThat(file.tensor(name, scope).dtype()).isEqualTo(file.dtype(name));
            }
            assertThat(file.dtype("f16.made")).isEqualTo(DType.F16);
            assertThat(file.dtype("bf16.made")).isEqualTo(DType.BF16);
            assertThat(file.dtype("q5_1.made")).isEqualTo(DType.F32);
        }
    }

    @Test
    void everyKindOfMetadataIsRead() throws IOException {
        JsonObject metadata = expected().getAsJsonObject("metadata");
        try (Gguf file = Gguf.open(golden("forms.gguf"))) {
            metadata.getAsJsonObject("wholes").entrySet().forEach(entry -> assertThat(file.whole(entry.getKey()))
                    .as(entry.getKey())
                    .hasValue(entry.getValue().getAsLong()));
            metadata.getAsJsonObject("numbers").entrySet().forEach(entry -> assertThat(file.number(entry.getKey()))
                    .as(entry.getKey())
                    .hasValue(entry.getValue().getAsDouble()));
            assertThat(file.number("kind.u8")).hasValue(200);
            assertThat(file.flag("kind.yes")).contains(true);
            assertThat(file.flag("kind.no")).contains(false);
            assertThat(file.text("kind.text")).contains("naïve 北京 😀\n");
            assertThat(file.texts("list.texts").orElseThrow()).containsExactly("", "a", "naïve 北京 😀");
            assertThat(file.wholes("list.u8").orElseThrow()).containsExactly(1, 200, 3);
            assertThat(file.wholes("list.i32").orElseThrow()).containsExactly(1, -2, 3);
            assertThat(file.numbers("list.f32").orElseThrow()).containsExactly(0.5, -1.25);
            assertThat(file.count("list.lists")).isEqualTo(2);
            assertThat(file.count("none")).isZero();
            assertThat(file.text("none")).isEmpty();
            assertThat(file.whole("none")).isEmpty();
            assertThat(file.metadata())
                    .containsEntry("general.architecture", "forms")
                    .containsEntry("list.texts", "3 x string")
                    .containsEntry("list.bools", "2 x bool")
                    .containsEntry("kind.yes", "true")
                    .containsEntry("kind.f32", "0.1");
        }
    }

    @Test
    void metadataOfAnotherKindIsAnError() {
        try (Gguf file = Gguf.open(golden("forms.gguf"))) {
            assertThatThrownBy(() -> file.whole("kind.text"))
                    .isInstanceOf(FormatException.class)
                    .hasMessage("[forms.gguf] kind.text must be a whole number; got \"naïve 北京 😀\n\"");
            assertThatThrownBy(() -> file.text("kind.u8")).hasMessage("[forms.gguf] kind.u8 must be a text; got 200");
            assertThatThrownBy(() -> file.whole("kind.f32"))
                    .hasMessage("[forms.gguf] kind.f32 must be a whole number; got 0.1");
            assertThatThrownBy(() -> file.number("kind.yes"))
                    .hasMessage("[forms.gguf] kind.yes must be a number; got true");
            assertThatThrownBy(() -> file.flag("kind.u8"))
                    .hasMessage("[forms.gguf] kind.u8 must be true or false; got 200");
            assertThatThrownBy(() -> file.texts("list.i32"))
                    .hasMessage("[forms.gguf] list.i32 must be a list of texts; got a list of 3 INT32");
            assertThatThrownBy(() -> file.wholes("list.lists"))
                    .hasMessage("[forms.gguf] list.lists must be a list of whole numbers; got a list of 2 ARRAY");
        }
    }

    @Test
    void version2IsReadAsVersion3() {
        Path file =
                GgufBytes.file().version(2).text("a", "b").tensor("x", 0, 0, 2).write(folder.resolve("2.gguf"), 8);
        try (Gguf read = Gguf.open(file);
                Scope scope = Scope.open()) {
            assertThat(read.single("x", scope).floats()).containsExactly(0, 0);
        }
    }

    @Test
    void tensorsOutliveTheFileAndNothingIsLeft() {
        try (Scope scope = Scope.open()) {
            float[] before;
            Tensor tensor;
            Gguf file = Gguf.open(golden("forms.gguf"));
            before = file.single("q4_1.bits", scope).floats();
            tensor = file.single("f32.made", scope);
            int live = scope.live();
            float[] first = tensor.floats();
            file.close();

            assertThat(tensor.floats()).isEqualTo(first);
            assertThat(file.single("q4_1.bits", scope).floats()).isEqualTo(before);
            assertThat(scope.live()).isEqualTo(live + 1);
            file.close();
        }
    }

    @Test
    void anUnknownTensorIsAnErrorWithTheNearestName() {
        try (Gguf file = Gguf.open(golden("forms.gguf"));
                Scope scope = Scope.open()) {
            assertThatThrownBy(() -> file.tensor("q4_1.mad", scope))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "tensor must be one of the 22 in forms.gguf; got \"q4_1.mad\"; did you mean \"q4_1.made\"?");
            assertThat(file.toString()).endsWith("forms.gguf, 22 tensors, " + file.bytes() + " bytes");
        }
        assertThatThrownBy(() -> Gguf.open(folder))
                .hasMessage("weights must be a GGUF file; got " + folder + ", which is no file");
    }
}
