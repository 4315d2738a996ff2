// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.base.LayerSet;
import org.lamella.model.Tiny;
import org.lamella.model.Transformer;

/** Disks that refuse while an adapter or a run is saved: an error that says where, and the earlier folder stays whole. */
final class FullDiskTest {

    private static Transformer model;
    private static Run run;

    @TempDir
    Path temporary;

    @BeforeAll
    static void train() {
        model = Tiny.model("encoder");
        run = Lora.on(LayerSet.of(4, 1, 3))
                .rank(16)
                .train(model, Tiny.task(16).train(), Training.standard().epochs(1));
    }

    @AfterAll
    static void close() {
        run.adapter().close();
        model.close();
    }

    private static Map<String, byte[]> content(Path folder) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                content.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return content;
    }

    @Test
    void aPlaceBelowAFileIsAnError() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "not a folder");

        assertThatThrownBy(() -> run.adapter().save(file.resolve("adapter")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("[" + file.resolve("adapter") + "] cannot be written: " + file + " is in the way");
        assertThatThrownBy(() -> run.save(file.resolve("deep/run")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("[" + file.resolve("deep/run") + "] cannot be written: Not a directory");
        assertThatThrownBy(() -> run.save(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folder must not be a file; got " + file);
        assertThatThrownBy(() -> run.save(Path.of("/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("folder must have a parent; got /");
        assertThat(file).hasContent("not a folder");
    }

    @Test
    void anInterruptedThreadCannotWriteAndTheEarlierFolderStaysWhole() throws IOException {
        Path folder = temporary.resolve("run");
        run.save(folder);
        Map<String, byte[]> before = content(folder);

        assertThatThrownBy(() -> {
                    Thread.currentThread().interrupt();
                    run.save(folder);
                })
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("[" + folder + "] cannot be written: the thread was interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(content(folder)).usingRecursiveComparison().isEqualTo(before);
        assertThat(temporary.toFile().list()).containsExactly("run");
        run.save(folder);
        assertThat(Run.load(folder, model).steps()).isEqualTo(run.steps());
    }

    @Test
    void aFullDiskLeavesTheEarlierFolderWhole() throws Exception {
        Path small = Files.createDirectories(temporary.resolve("small"));
        assumeTrue(mounted(small), () -> "skipped: no file system may be mounted here");
        try {
            Path adapter = small.resolve("adapter");
            Path whole = small.resolve("run");
            run.adapter().keeping(LayerSet.of(4, 1)).save(adapter);
            run.save(whole);
            Map<String, byte[]> before = content(small);
            fill(small);

            assertThatThrownBy(() -> run.adapter().save(adapter))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("[" + adapter + "] cannot be written: No space left on device");
            assertThatThrownBy(() -> run.save(whole))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("[" + whole + "] cannot be written: No space left on device");

            Files.delete(small.resolve("ballast"));
            assertThat(content(small)).usingRecursiveComparison().isEqualTo(before);
            assertThat(small.toFile().list()).containsExactlyInAnyOrder("adapter", "run");
            assertThat(model.with(Adapter.load(adapter)).overlay().orElseThrow().layers())
                    .isEqualTo(LayerSet.of(4, 1));
            assertThat(Run.load(whole, model).steps()).isEqualTo(run.steps());
        } finally {
            system("umount", "-l", small.toString());
        }
    }

    @Test
    void aReadOnlyDiskLeavesTheEarlierFolderWhole() throws Exception {
        Path small = Files.createDirectories(temporary.resolve("small"));
        assumeTrue(mounted(small), () -> "skipped: no file system may be mounted here");
        try {
            Path whole = small.resolve("run");
            run.save(whole);
            Map<String, byte[]> before = content(small);
            assertThat(system("mount", "-o", "remount,ro", small.toString())).isZero();

            assertThatThrownBy(() -> run.save(whole))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("[" + whole + "] cannot be written: Read-only file system");

            assertThat(content(small)).usingRecursiveComparison().isEqualTo(before);
            assertThat(Run.load(whole, model).steps()).isEqualTo(run.steps());
        } finally {
            system("umount", "-l", small.toString());
        }
    }

    private static boolean mounted(Path folder) throws IOException, InterruptedException {
        return system("mount", "-t", "tmpfs", "-o", "size=256k", "lamella-test", folder.toString()) == 0;
    }

    private static void fill(Path folder) throws IOException {
        Path ballast = folder.resolve("ballast");
        byte[] page = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessage("No space left on device");
        }
        // room for the small files, so that it is in the middle of the tensors that the disk is full
        try (var channel = FileChannel.open(ballast, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 2 * 4096L);
        }
    }

    private static int system(String... words) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException e) {
            return -1; // no such program on this system
        }
    }
}
