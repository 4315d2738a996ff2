// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a grad mode works by being open
class SafeTensorsTest {

    private static final Script SCRIPT = Script.compile("""
            def cast(self, x: Tensor, dtype: int) -> Tensor:
              return torch.to(x, dtype)
            def loss(self, x: Tensor, w: Tensor) -> Tensor:
              return torch.sum(torch.matmul(x, torch.t(w)))
            def columns(self, x: Tensor) -> Tensor:
              return torch.t(x)
            def clear(self, x: Tensor) -> None:
              x.zero_()
            """);

    @TempDir
    Path folder;

    private final Scope scope = Scope.open();

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor floats(float... values) {
        return scope.floats(values, values.length);
    }

    private Tensor cast(Tensor x, DType dtype) {
        return SCRIPT.call("cast").with(x).with(dtype.code()).one(scope);
    }

    private Map<String, Tensor> everyType() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b.weight", scope.floats(new float[] {0, 1, 2, 3, 4, 5}, 2, 3));
        tensors.put("a.weight", cast(floats(1.5f, -2), DType.BF16));
        tensors.put("half", cast(floats(0.5f), DType.F16));
        tensors.put("ids", scope.longs(new long[] {1, 2, 3, 4}, 2, 2));
        tensors.put("mask", cast(floats(1, 0, 1), DType.BOOL));
        tensors.put("byte", cast(floats(255, 0), DType.U8));
        tensors.put("d", scope.doubles(new double[] {0.1}));
        tensors.put("i", cast(floats(-1), DType.I32));
        tensors.put("empty", scope.zeros(DType.F32, 0, 4));
        tensors.put("é\"quote\\\n", floats(9));
        return tensors;
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /** The sums are of what {@code safetensors.torch.save} 0.8.0 makes of the same tensors. */
    @Test
    void theBytesAreThoseOfPython() throws Exception {
        Path file = folder.resolve("x.safetensors");

        SafeTensors.write(file, everyType(), Map.of("format", "pt"));
        assertThat(sha256(file)).isEqualTo("aaf33734f7b655d2a1edb8e2949ac6374948948858d60a8f6dfede4fc58dabd3");
        SafeTensors.write(file, new HashMap<>(everyType()), Map.of());
        assertThat(sha256(file)).isEqualTo("172642cb8f0637516e5a0be42febdc4351762cf346aaea58822182bd48004243");
    }

    @Test
    void whatIsWrittenIsRead() {
        Path file = folder.resolve("x.safetensors");
        Map<String, Tensor> tensors = everyType();
        SafeTensors.write(file, tensors, Map.of("format", "pt", "note", "a\"b"));
        SafeTensors read = SafeTensors.open(file);

        assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
        assertThat(read.metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("format", "pt", "note", "a\"b"));
        assertThat(read.bytes()).isEqualTo(83);
        assertThat(read).hasToString(file + ", 10 tensors, 83 bytes");
        tensors.forEach((name, tensor) -> {
            assertThat(read.dtype(name)).isEqualTo(tensor.dtype());
            assertThat(read.shape(name)).isEqualTo(tensor.shape());
            assertThat(read.tensor(name, scope)).hasToString(tensor.toString());
        });
        assertThat(read.tensor("b.weight", scope).floats()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(read.tensor("a.weight", scope).floats()).containsExactly(1.5f, -2);
        assertThat(read.tensor("half", scope).item()).isEqualTo(0.5);
        assertThat(read.tensor("ids", scope).longs()).containsExactly(1, 2, 3, 4);
        assertThat(read.tensor("mask", scope).longs()).containsExactly(1, 0, 1);
        assertThat(read.tensor("byte", scope).longs()).containsExactly(255, 0);
        assertThat(read.tensor("d", scope).item()).isEqualTo(0.1);
        assertThat(read.tensor("i", scope).longs()).containsExactly(-1);
    }

    @Test
    void anyPathWillDo() {
        Path file = folder.resolve("a b \"c\" 'd' é \uD83D\uDE00 \\n $x.safetensors");
        SafeTensors.write(file, Map.of("x", floats(1, 2)), Map.of());

        assertThat(SafeTensors.open(file).tensor("x", scope).floats()).containsExactly(1, 2);
    }

    @Test
    void tensorsOutliveWhatOpenedThem() throws InterruptedException {
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("x", floats(1, 2)), Map.of());
        Tensor x = SafeTensors.open(file).tensor("x", scope);
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(30);
        }

        assertThat(x.floats()).containsExactly(1, 2);
    }

    @Test
    void gradientsPassThroughAMappedWeight() {
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("w", scope.floats(new float[] {1, 2, 3, 4}, 2, 2)), Map.of());
        Tensor w = SafeTensors.open(file).tensor("w", scope);
        Tensor x = scope.floats(new float[] {1, 1}, 1, 2).requireGradient();
        try (GradMode on = GradMode.enabled()) {
            Autograd.backward(SCRIPT.call("loss").with(x).with(w).one(scope));
        }

        assertThat(x.gradient(scope).floats()).containsExactly(4, 6);
    }

    @Test
    void changesOfATensorDoNotReachTheFile() {
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("x", floats(1, 2)), Map.of());
        SCRIPT.call("clear").with(SafeTensors.open(file).tensor("x", scope)).run();

        assertThat(SafeTensors.open(file).tensor("x", scope).floats()).containsExactly(1, 2);
    }

    @Test
    void aTensorThatDoesNotLieEvenlyIsCopied() throws IOException {
        Path file = folder.resolve("x.safetensors");
        SafeTensorsFormatTest.write(
                file,
                "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]}}",
                new byte[] {7, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
        SafeTensors read = SafeTensors.open(file);

        assertThat(read.tensor("x", scope).floats()).containsExactly(1, 2);
        assertThat(read.tensor("b", scope).longs()).containsExactly(7);
    }

    @Test
    void viewsAreWrittenRowByRow() {
        Path file = folder.resolve("x.safetensors");
        Tensor x = scope.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        SafeTensors.write(file, Map.of("t", SCRIPT.call("columns").with(x).one(scope)), Map.of());

        assertThat(SafeTensors.open(file).tensor("t", scope).floats()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void aFileMayBeReplacedByTensorsMappedFromIt() {
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("x", floats(1, 2)), Map.of());
        Tensor x = SafeTensors.open(file).tensor("x", scope);
        SafeTensors.write(file, Map.of("y", x, "z", floats(3)), Map.of());

        assertThat(x.floats()).containsExactly(1, 2);
        assertThat(SafeTensors.open(file).tensor("y", scope).floats()).containsExactly(1, 2);
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("x", floats(1, 2)), Map.of());
        byte[] before = Files.readAllBytes(file);
        Tensor closed = floats(1);
        closed.close();

        assertThatThrownBy(() -> SafeTensors.write(file, Map.of("x", closed), Map.of()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SafeTensors.write(file, Map.of("__metadata__", floats(1)), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name of a tensor must not be \"__metadata__\"");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThatThrownBy(() -> SafeTensors.write(folder, Map.of("x", floats(1)), Map.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("[" + folder + "] cannot be written: it is a folder");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFullDiskLeavesTheOldFile() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full on this system");

        assertThatThrownBy(() -> SafeTensorsWriter.fill(full, Map.of("x", floats(1)), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    @Test
    void anUnknownNameNamesTheNearest() {
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("encoder.layer.0.weight", floats(1)), Map.of());

        assertThatThrownBy(() -> SafeTensors.open(file).tensor("encoder.layer.O.weight", scope))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor must be one of the 1 in x.safetensors; got \"encoder.layer.O.weight\""
                        + "; did you mean \"encoder.layer.0.weight\"?");
    }
}
