// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/** The checked header of one safetensors file: eight bytes of length, JSON, then the numbers without a gap. */
final class SafeTensorsFile {

    private static final long LONGEST_HEADER = 100_000_000;

    /** Where a tensor lies; begin and end count from the first byte after the header. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(DType dtype, long[] shape, long begin, long end) {
        long bytes() {
            return end - begin;
        }
    }

    private final Path path;
    private long size;
    private long start;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafeTensorsFile(Path path) {
        this.path = path;
    }

    static SafeTensorsFile read(Path path) {
        SafeTensorsFile file = new SafeTensorsFile(path);
        try (FileChannel channel = FileChannel.open(path)) {
            file.readHeader(channel);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        file.requireWithoutGaps();
        return file;
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** Returns the place of the first number. */
    long start() {
        return start;
    }

    Map<String, Entry> entries() {
        return entries;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    FormatException problem(String problem) {
        return new FormatException(name(), problem);
    }

    private void readHeader(FileChannel channel) throws IOException {
        size = channel.size();
        if (size < 8) {
            throw problem("file must start with 8 bytes of header length; it has " + size + " bytes");
        }
        ByteBuffer first = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, first, 0);
        long length = first.getLong(0);
        if (length < 2 || length > LONGEST_HEADER) {
            throw problem("header length must be 2 to " + LONGEST_HEADER + " bytes; got "
                    + Long.toUnsignedString(length) + ": this is no safetensors file");
        }
        if (length > size - 8) {
            throw problem(
                    "header must have " + length + " bytes; only " + (size - 8) + " follow: the file is truncated");
        }
        start = 8 + length;
        ByteBuffer header = ByteBuffer.allocate((int) length);
        fill(channel, header, 8);
        try {
            String json =
                    StandardCharsets.UTF_8.newDecoder().decode(header.flip()).toString();
            StrictJson.read(name(), "header", json, this::parse);
        } catch (CharacterCodingException e) {
            throw new FormatException(name(), "header must be UTF-8; it is not", e);
        }
    }

    private String name() {
        return String.valueOf(path.getFileName());
    }

    private void parse(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (name.equals("__metadata__")) {
                parseMetadata(json);
            } else if (entries.put(name, entry(name, json)) != null) {
                throw problem("tensor \"" + name + "\" must be there once; it is there twice");
            }
        }
        json.endObject();
    }

    private void parseMetadata(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            if (json.peek() != JsonToken.STRING) {
                throw problem("__metadata__ \"" + key + "\" must be a text; got " + json.peek());
            }
            metadata.put(key, json.nextString());
        }
        json.endObject();
    }

    private Entry entry(String name, JsonReader json) throws IOException {
        Optional<DType> dtype = Optional.empty();
        Optional<long[]> shape = Optional.empty();
        Optional<long[]> offsets = Optional.empty();
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> dtype = Optional.of(dtype(name, json.nextString()));
                case "shape" -> shape = Optional.of(numbers(name, "shape", json));
                case "data_offsets" -> offsets = Optional.of(numbers(name, "data_offsets", json));
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (dtype.isEmpty() || shape.isEmpty() || offsets.isEmpty() || offsets.get().length != 2) {
            throw problem("tensor \"" + name + "\" must have dtype, shape and two data_offsets");
        }
        Entry entry = new Entry(dtype.get(), shape.get(), offsets.get()[0], offsets.get()[1]);
        requireBytes(name, entry);
        return entry;
    }

    private DType dtype(String name, String text) {
        return Arrays.stream(DType.values())
                .filter(type -> type.name().equals(text))
                .findFirst()
                .orElseThrow(() -> problem("dtype of \"" + name + "\" must be one of " + Arrays.toString(DType.values())
                        + "; got \"" + text + "\""));
    }

    private long[] numbers(String name, String field, JsonReader json) throws IOException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            if (json.peek() != JsonToken.NUMBER) {
                throw problem(field + " of \"" + name + "\" must hold integers; got " + json.peek());
            }
            String text = json.nextString();
            if (!text.matches("\\d{1,18}")) {
                throw problem(field + " of \"" + name + "\" must hold integers from 0 to 1e18; got " + text);
            }
            numbers.add(Long.parseLong(text));
        }
        json.endArray();
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private void requireBytes(String name, Entry entry) {
        long bytes;
        try {
            bytes = Math.multiplyExact(
                    Transfer.elements(entry.shape()), (long) entry.dtype().bytes());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new FormatException(
                    name(), "shape of \"" + name + "\" must fit a file; got " + Arrays.toString(entry.shape()), e);
        }
        if (entry.bytes() != bytes) {
            throw problem("data_offsets of \"" + name + "\" must span " + bytes + " bytes for " + entry.dtype() + " "
                    + Arrays.toString(entry.shape()) + "; got " + entry.begin() + " to " + entry.end());
        }
    }

    private void requireWithoutGaps() {
        long at = 0;
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
        ordered.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        for (Map.Entry<String, Entry> e : ordered) {
            if (e.getValue().begin() != at) {
                throw problem("data_offsets of \"" + e.getKey() + "\" must begin at " + at
                        + ", where the tensor before it ends; got "
                        + e.getValue().begin());
            }
            at = e.getValue().end();
        }
        if (at != size - start) {
            throw problem("tensors must take " + at + " bytes after the header; the file has " + (size - start)
                    + (at > size - start ? ": it is truncated" : ""));
        }
    }

    /** Returns a tensor with a copy of the numbers, for those that cannot be mapped. */
    Tensor copy(Entry entry, Scope owner) {
        Tensor tensor = Functions.empty(entry.dtype(), entry.shape(), owner);
        long from = start + entry.begin();
        try (FileChannel channel = FileChannel.open(path)) {
            Transfer.pieces(tensor, entry.dtype(), (memory, at) -> {
                try {
                    fill(channel, memory, from + at * entry.dtype().bytes());
                } catch (IOException e) {
                    throw unreadable(path, e);
                }
            });
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        return tensor;
    }

    static UncheckedIOException unreadable(Path path, IOException cause) {
        return Disk.unreadable(path, cause);
    }

    private void fill(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
        long at = from;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw problem("file must have " + size + " bytes; it ends at " + at);
            }
            at += read;
        }
    }
}
