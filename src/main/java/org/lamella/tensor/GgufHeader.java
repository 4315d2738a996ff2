// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/** The checked header of a GGUF file: metadata, then where each tensor lies. */
final class GgufHeader {

    private static final int MAGIC = 0x46554747; // GGUF
    private static final int MOST_DIMENSIONS = 4;
    private static final int MOST_ENTRIES = 100_000;
    private static final String ALIGNMENT = "general.alignment";

    /** Where a tensor lies; start counts from the first byte of the file. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(GgufType type, long[] shape, long start, long bytes) {}

    private record Claim(int code, long[] shape, long offset) {}

    private final Path path;
    private final String name;
    private long size;
    private long alignment = 32;
    private final Map<String, GgufValue> values = new LinkedHashMap<>();
    private final TreeMap<String, Entry> entries = new TreeMap<>();

    private GgufHeader(Path path) {
        this.path = path;
        this.name = String.valueOf(path.getFileName());
    }

    static GgufHeader read(Path path) {
        GgufHeader header = new GgufHeader(path);
        try (FileChannel channel = FileChannel.open(path)) {
            header.parse(new GgufInput(header.name, channel));
        } catch (IOException e) {
            throw Disk.unreadable(path, e);
        }
        return header;
    }

    Path path() {
        return path;
    }

    /** Returns the name of the file, for errors. */
    String name() {
        return name;
    }

    long size() {
        return size;
    }

    Map<String, GgufValue> values() {
        return values;
    }

    TreeMap<String, Entry> entries() {
        return entries;
    }

    private void parse(GgufInput input) throws IOException {
        size = input.size();
        if (size < 24) {
            throw problem("file must start with a header of 24 bytes; it has " + size + " bytes");
        }
        int magic = input.number();
        if (magic != MAGIC) {
            throw problem("file must start with \"GGUF\"; it does not: this is no GGUF file");
        }
        int version = input.number();
        if (version != 2 && version != 3) {
            throw problem("version must be 2 or 3; got "
                    + (Integer.reverseBytes(version) == 3
                            ? "3 with its bytes reversed, for machines that count so"
                            : Integer.toUnsignedLong(version)));
        }
        long tensors = entries(input.reading("tensor table"), 24);
        long fields = entries(input.reading("metadata"), 13);
        parseMetadata(input, fields);
        Map<String, Claim> claims = parseTable(input, tensors);
        long start = aligned(input.at());
        for (Map.Entry<String, Claim> claim : claims.entrySet()) {
            entries.put(claim.getKey(), entry(claim.getKey(), claim.getValue(), start));
        }
        requireApart();
    }

    private static long entries(GgufInput input, int least) throws IOException {
        long count = input.count(least);
        if (count > MOST_ENTRIES) {
            throw input.problem(input.what() + " must have at most " + MOST_ENTRIES + " entries; got " + count);
        }
        return count;
    }

    private void parseMetadata(GgufInput input, long count) throws IOException {
        Map<String, GgufValue.Walked> walked = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = input.reading("key " + i + " of the metadata").shortText();
            if (walked.put(key, GgufValue.walk(input.reading(key))) != null) {
                throw problem("key \"" + key + "\" must be there once; it is there twice");
            }
        }
        walked.forEach((key, value) -> values.put(key, value.in(name, key, input.bytes())));
        GgufValue given = values.get(ALIGNMENT);
        if (given != null) {
            alignment = given.whole();
            if (alignment < 8 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
                throw problem(ALIGNMENT + " must be a power of two from 8 to " + (1 << 20) + "; got " + alignment);
            }
        }
    }

    private Map<String, Claim> parseTable(GgufInput input, long count) throws IOException {
        Map<String, Claim> claims = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String tensor = input.reading("name of tensor " + i).shortText();
            input.reading("place of \"" + tensor + "\"");
            int dimensions = input.number();
            if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
                throw problem("shape of \"" + tensor + "\" must have at most " + MOST_DIMENSIONS + " dimensions; got "
                        + Integer.toUnsignedLong(dimensions));
            }
            long[] shape = new long[dimensions];
            for (int d = dimensions - 1; d >= 0; d--) { // files count from the innermost
                shape[d] = input.large();
            }
            if (claims.put(tensor, new Claim(input.number(), shape, input.large())) != null) {
                throw problem("tensor \"" + tensor + "\" must be there once; it is there twice");
            }
        }
        return claims;
    }

    private Entry entry(String tensor, Claim claim, long dataStart) {
        GgufType type = GgufType.of(claim.code())
                .orElseThrow(() -> problem("type of \"" + tensor + "\" must be one of " + GgufType.read() + "; got "
                        + GgufType.nameOf(claim.code())));
        long bytes = bytes(tensor, type, claim.shape());
        if (claim.offset() < 0 || claim.offset() % alignment != 0) {
            throw problem("offset of \"" + tensor + "\" must be a multiple of " + alignment + "; got "
                    + Long.toUnsignedString(claim.offset()));
        }
        if (claim.offset() > size - dataStart || bytes > size - dataStart - claim.offset()) {
            throw problem("\"" + tensor + "\" must lie in the file: " + bytes + " bytes from " + claim.offset()
                    + " on, of " + Math.max(0, size - dataStart) + " after the header: the file is truncated");
        }
        return new Entry(type, claim.shape(), dataStart + claim.offset(), bytes);
    }

    private long bytes(String tensor, GgufType type, long[] shape) {
        long row = shape.length == 0 ? 1 : shape[shape.length - 1];
        if (row % type.numbers() != 0) {
            throw problem("rows of \"" + tensor + "\" must hold a multiple of " + type.numbers() + " numbers for "
                    + type + "; got " + row);
        }
        try {
            return Math.multiplyExact(Transfer.elements(shape) / type.numbers(), (long) type.bytes());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new FormatException(
                    name, "shape of \"" + tensor + "\" must fit a file; got " + Arrays.toString(shape), e);
        }
    }

    private void requireApart() {
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
        ordered.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().start())
                .thenComparingLong(e -> e.getValue().bytes()));
        for (int i = 1; i < ordered.size(); i++) {
            Entry before = ordered.get(i - 1).getValue();
            if (ordered.get(i).getValue().start() < before.start() + before.bytes()) {
                throw problem("\"" + ordered.get(i).getKey() + "\" must lie apart from \""
                        + ordered.get(i - 1).getKey() + "\"; their bytes overlap");
            }
        }
    }

    private long aligned(long place) {
        return (place + alignment - 1) / alignment * alignment;
    }

    private FormatException problem(String problem) {
        return new FormatException(name, problem);
    }
}
