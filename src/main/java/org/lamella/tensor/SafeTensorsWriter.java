// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.lamella.base.Disk;

/** Writes safetensors files with the bytes that Python's safetensors writes. */
final class SafeTensorsWriter {

    // the order of types in Python's safetensors, the last in the file first
    private static final List<DType> ORDER =
            List.of(DType.BOOL, DType.U8, DType.F16, DType.BF16, DType.I32, DType.F32, DType.F64, DType.I64);

    private SafeTensorsWriter() {}

    static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        if (tensors.containsKey("__metadata__")) {
            throw new IllegalArgumentException("name of a tensor must not be \"__metadata__\"");
        }
        try {
            Path target = file.toAbsolutePath();
            Path folder = target.getParent();
            if (folder == null || Files.isDirectory(target)) {
                throw new IOException("it is a folder");
            }
            Files.createDirectories(folder);
            // beside the file, because only a move within one file system is atomic; unlike a temporary file it
            // gets the permissions that a new file gets here
            Path fresh = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
            try {
                Files.createFile(fresh);
                fill(fresh, tensors, metadata);
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw Disk.unwritable(file, e);
        }
    }

    static void fill(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparing((Map.Entry<String, Tensor> e) ->
                        -ORDER.indexOf(e.getValue().dtype()))
                .thenComparing(e -> utf8(e.getKey()), Arrays::compareUnsigned));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            drain(channel, header(ordered, metadata));
            for (Map.Entry<String, Tensor> e : ordered) {
                content(channel, e.getValue());
            }
            channel.force(true);
        }
    }

    private static ByteBuffer header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata)
            throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject();
        if (!metadata.isEmpty()) {
            json.name("__metadata__").beginObject();
            for (Map.Entry<String, String> e : new TreeMap<>(metadata).entrySet()) {
                json.name(e.getKey()).value(e.getValue());
            }
            json.endObject();
        }
        long at = 0;
        for (Map.Entry<String, Tensor> e : tensors) {
            Tensor tensor = e.getValue();
            long end = at + tensor.elements() * tensor.dtype().bytes();
            json.name(e.getKey()).beginObject();
            json.name("dtype").value(tensor.dtype().name());
            json.name("shape").beginArray();
            for (long length : tensor.shape()) {
                json.value(length);
            }
            json.endArray();
            json.name("data_offsets").beginArray().value(at).value(end).endArray();
            json.endObject();
            at = end;
        }
        json.endObject();
        byte[] bytes = utf8(text.toString());
        int padded = (bytes.length + 7) / 8 * 8;
        ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(bytes);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void content(FileChannel channel, Tensor tensor) throws IOException {
        try {
            Transfer.pieces(tensor, tensor.dtype(), (memory, at) -> {
                try {
                    drain(channel, memory);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void drain(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
